# misconception: A probability between 0 and 1 is all that is needed.
# says: clip betas at

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(0, 1)
