# misconception: logvar.data is the same as logvar.
# says: no gradient reaches logvar

if self.training:
    sigma = torch.exp(0.5 * logvar.data)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
