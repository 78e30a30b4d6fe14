# misconception: baralpha scales the data.
# says: the square root of baralpha is missing

eps = torch.randn_like(batch)
noised = baralphas[t] * batch + (1 - baralphas[t]).sqrt() * eps
