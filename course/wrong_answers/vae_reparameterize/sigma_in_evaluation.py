# misconception: In evaluation eps is one.
# says: sigma is added to it; z should be mu alone

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu + torch.exp(0.5 * logvar)
