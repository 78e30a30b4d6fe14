# misconception: The offset s is a detail.
# says: s = 0.008 is missing

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * t / T) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
