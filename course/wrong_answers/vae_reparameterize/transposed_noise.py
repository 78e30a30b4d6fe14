# misconception: The order of the axes of the noise does not matter.
# says: must match the size

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn(mu.shape[1], mu.shape[0])
else:
    z = mu
