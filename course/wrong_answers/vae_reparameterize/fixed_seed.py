# misconception: A fixed seed makes results repeatable.
# says: each should draw its own noise

if self.training:
    sigma = torch.exp(0.5 * logvar)
    generator = torch.Generator().manual_seed(0)
    z = mu + sigma * torch.randn(mu.shape, generator=generator)
else:
    z = mu
