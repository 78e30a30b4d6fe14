# misconception: A minus belongs into the exponent.
# says: sigma is exp(logvar / 2), without a minus

if self.training:
    sigma = torch.exp(-0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
