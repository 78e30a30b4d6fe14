# differs: calls the model itself

steps = torch.ones(len(x), 1, dtype=torch.int64, device=x.device) * t
eps = model(x, steps)
x_before = torch.rsqrt(alphas[t]) * (x - betas[t] * torch.rsqrt(1 - baralphas[t]) * eps)
if t:
    x_before += torch.sqrt(betas[t]) * torch.randn_like(x_before)
