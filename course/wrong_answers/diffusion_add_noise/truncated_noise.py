# misconception: Outliers do harm.
# says: is cut off: a Gaussian has tails

eps = torch.randn_like(batch).clamp(-3, 3)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
