# misconception: Only the end of the schedule needs care.
# says: clip betas at 1e-4 from below

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(max=0.9999)
