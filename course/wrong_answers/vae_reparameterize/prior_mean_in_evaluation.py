# misconception: In evaluation z is zero, the mean of the prior.
# says: it is zero, the mean of the prior

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = torch.zeros_like(mu)
