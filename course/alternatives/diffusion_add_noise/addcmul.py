# differs: uses torch.addcmul

signal = baralphas[t].sqrt()
eps = torch.randn(batch.shape, device=batch.device, dtype=batch.dtype)
noised = torch.addcmul(signal * batch, (1 - baralphas[t]).sqrt(), eps)
