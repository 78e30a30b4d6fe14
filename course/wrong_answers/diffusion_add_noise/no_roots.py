# misconception: The formula's numbers are the factors.
# says: both square roots are missing

eps = torch.randn_like(batch)
noised = baralphas[t] * batch + (1 - baralphas[t]) * eps
