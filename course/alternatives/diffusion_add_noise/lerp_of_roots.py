# differs: multiplies in place, on copies

eps = torch.randn_like(batch)
noised = batch.clone().mul_(baralphas[t] ** 0.5)
noised.add_(eps * (1 - baralphas[t]) ** 0.5)
