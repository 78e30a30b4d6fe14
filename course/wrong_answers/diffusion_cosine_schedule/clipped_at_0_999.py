# misconception: Clip at 0.999, as the paper does.
# says: they are clipped at 0.999

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.999)
