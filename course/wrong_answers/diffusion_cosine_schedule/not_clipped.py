# misconception: Clipping is for gradients.
# says: clip betas at

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = 1 - f[1:] / f[:-1]
