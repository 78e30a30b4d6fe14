# misconception: Division and sum may be read from left to right.
# says: only s is divided by 1 + s

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s / (1 + s))) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
