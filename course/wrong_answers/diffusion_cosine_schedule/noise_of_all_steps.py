# misconception: beta_t is what is left of the signal.
# says: is the noise of all steps so far

t = torch.arange(T + 1, dtype=torch.float64)
f = torch.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[0]).clamp(1e-4, 0.9999)
