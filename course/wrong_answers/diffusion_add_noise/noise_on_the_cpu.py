# misconception: All tensors live in one place.
# says: same device

eps = torch.randn(batch.shape)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
