# misconception: The ratio of neighbours is beta.
# says: f(t + 1) / f(t) is alpha

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = (f[1:] / f[:-1]).clamp(1e-4, 0.9999)
