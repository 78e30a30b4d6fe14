# misconception: The noise is multiplied with the variance.
# says: sigma is exp(logvar / 2), not exp(logvar)

if self.training:
    sigma = torch.exp(logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
