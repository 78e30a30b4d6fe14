# misconception: T steps need T points.
# says: should have the shape

t = torch.arange(T, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
