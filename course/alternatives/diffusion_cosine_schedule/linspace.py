# differs: spreads T + 1 points from 0 to 1, and subtracts before it divides

u = torch.linspace(0, 1, T + 1, dtype=torch.float64)
f = torch.cos((u + s) / (1 + s) * pi / 2).square()
betas = ((f[:-1] - f[1:]) / f[:-1]).clip(1e-4, 0.9999)
