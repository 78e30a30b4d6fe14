# misconception: logvar is the standard deviation.
# says: logvar is a logarithm: sigma is exp(logvar / 2), not logvar

if self.training:
    sigma = logvar
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
