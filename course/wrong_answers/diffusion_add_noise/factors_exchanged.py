# misconception: baralpha is the share of noise.
# says: signal and noise are exchanged

eps = torch.randn_like(batch)
noised = (1 - baralphas[t]).sqrt() * batch + baralphas[t].sqrt() * eps
