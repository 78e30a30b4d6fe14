# misconception: Noise is added twice.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(mu) + sigma * torch.randn_like(mu)
else:
    z = mu
