# misconception: sigma is a constant while sampling.
# says: no gradient reaches logvar

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma.detach() * torch.randn_like(sigma)
else:
    z = mu
