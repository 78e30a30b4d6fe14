# differs: goes through the steps one by one, with the functions of the standard library

betas = []
before = math.cos(pi / 2 * s / (1 + s)) ** 2
for t in range(1, T + 1):
    now = math.cos(pi / 2 * (t / T + s) / (1 + s)) ** 2
    betas.append(min(max(1 - now / before, 1e-4), 0.9999))
    before = now
betas = torch.tensor(betas, dtype=torch.float64)
