# misconception: Uniform noise of variance 1 is as good.
# says: eps is not Gaussian

eps = (2 * torch.rand_like(batch) - 1) * math.sqrt(3)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
