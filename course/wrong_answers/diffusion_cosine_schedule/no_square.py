# misconception: baralpha is the cosine, not its square.
# says: the cosine is not squared

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s))
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
