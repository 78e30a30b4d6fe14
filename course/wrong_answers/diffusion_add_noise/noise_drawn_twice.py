# misconception: Noise is noise, so it can be drawn again.
# says: Does it hold the very eps that is returned?

eps = torch.randn_like(batch)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * torch.randn_like(batch)
