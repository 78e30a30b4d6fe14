# misconception: rand gives noise.
# says: eps is uniform (rand), not Gaussian (randn)

eps = torch.rand_like(batch)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
