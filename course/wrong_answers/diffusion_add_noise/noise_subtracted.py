# misconception: The noise is taken off the data.
# says: its sign is flipped

eps = torch.randn_like(batch)
noised = baralphas[t].sqrt() * batch - (1 - baralphas[t]).sqrt() * eps
