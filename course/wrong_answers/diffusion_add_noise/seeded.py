# misconception: A fixed seed makes the work reproducible.
# says: two calls give the same eps

eps = torch.randn(batch.shape, generator=torch.Generator().manual_seed(0)).to(batch.device)
noised = baralphas[t].sqrt() * batch + (1 - baralphas[t]).sqrt() * eps
