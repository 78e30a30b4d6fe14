# misconception: baralpha is f itself, and before the first step it is 1.
# says: f is not divided by f(0)

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
before = torch.cat([torch.ones(1, dtype=f.dtype), f[1:-1]])
betas = (1 - f[1:] / before).clamp(1e-4, 0.9999)
