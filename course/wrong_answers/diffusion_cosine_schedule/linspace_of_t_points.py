# misconception: T points from 0 to 1, and one beta for each pair of neighbours.
# says: the T points do not run from 0 to T

u = torch.linspace(0, 1, T, dtype=torch.float64)
f = torch.cos(pi / 2 * (u + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.9999)
