# misconception: Noise is positive.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma).abs()
else:
    z = mu
