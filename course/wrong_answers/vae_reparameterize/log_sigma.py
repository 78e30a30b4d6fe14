# misconception: logvar is squared once more: sigma = exp(2 logvar).
# says: sigma is exp(logvar / 2), not exp(2 logvar)

if self.training:
    sigma = torch.exp(2 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
