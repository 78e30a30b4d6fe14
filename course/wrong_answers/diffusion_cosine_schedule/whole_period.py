# misconception: The cosine reaches 0 at pi.
# says: the cosine falls to 0 at pi/2

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi * (t / T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
