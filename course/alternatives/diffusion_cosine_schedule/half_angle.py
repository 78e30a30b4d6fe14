# differs: uses the half-angle formula in place of the square

t = torch.arange(T + 1, dtype=torch.float64)
f = 1 + torch.cos(pi * (t / T + s) / (1 + s))
betas = torch.clip(1 - f[1:] / f[:-1], 1e-4, 0.9999)
