# differs: draws with a generator of its own, seeded anew each time

z = mu
if self.training:
    seed = int(torch.randint(2**62, ()))
    eps = torch.randn(mu.shape, generator=torch.Generator().manual_seed(seed)).to(mu.device)
    z = mu + torch.exp(0.5 * logvar) * eps
