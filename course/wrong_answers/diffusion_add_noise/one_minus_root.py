# misconception: The factors add up to 1.
# says: the noise has the factor 1 - sqrt(baralpha)

eps = torch.randn_like(batch)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t].sqrt()) * eps
