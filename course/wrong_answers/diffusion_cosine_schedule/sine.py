# misconception: The noise grows like a squared sine, and so does f.
# says: f grows where it should fall

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.sin(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
