# misconception: Noise is positive.
# says: eps should have the

eps = torch.randn_like(batch).abs()
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
