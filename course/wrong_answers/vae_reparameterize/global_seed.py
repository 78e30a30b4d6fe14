# misconception: Seeding inside keeps runs comparable.
# says: each should draw its own noise

if self.training:
    sigma = torch.exp(0.5 * logvar)
    torch.manual_seed(42)
    z = mu + sigma * torch.randn_like(mu)
else:
    z = mu
