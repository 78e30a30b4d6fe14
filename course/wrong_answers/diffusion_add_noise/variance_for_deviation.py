# misconception: Noise is scaled by its variance.
# says: the square root of 1 - baralpha is missing

eps = torch.randn_like(batch)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]) * eps
