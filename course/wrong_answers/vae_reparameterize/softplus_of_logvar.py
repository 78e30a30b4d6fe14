# misconception: A softplus makes the standard deviation positive.
# says: not softplus(logvar)

if self.training:
    sigma = F.softplus(logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
