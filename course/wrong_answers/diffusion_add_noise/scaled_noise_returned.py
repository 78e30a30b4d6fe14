# misconception: eps is what was added.
# says: or eps is returned with its factor

eps = (1 - baralphas[t]).sqrt() * torch.randn_like(batch)
noised = baralphas[t].sqrt() * batch + eps
