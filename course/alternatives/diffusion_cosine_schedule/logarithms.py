# differs: takes the ratio as a difference of logarithms

t = torch.arange(T + 1, dtype=torch.float64)
logs = 2 * torch.cos(pi / 2 * (t / T + s) / (1 + s)).clamp_min(1e-12).log()
betas = -torch.expm1(logs.diff())
betas = betas.clamp(1e-4, 0.9999)
