# misconception: Integer division keeps t an integer.
# says: is not right

t = torch.arange(T + 1)
f = torch.cos(pi / 2 * (t // T + s) / (1 + s)) ** 2
betas = (1 - f[1:] / f[:-1]).double().clamp(1e-4, 0.9999)
