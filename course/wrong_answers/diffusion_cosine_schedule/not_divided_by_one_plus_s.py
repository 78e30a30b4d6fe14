# misconception: Only the offset is added.
# says: the division by 1 + s is missing

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
