# misconception: Half of logvar is the standard deviation.
# says: sigma is exp(logvar / 2), not half of logvar

if self.training:
    sigma = 0.5 * logvar
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
