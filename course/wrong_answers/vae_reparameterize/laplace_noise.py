# misconception: Any noise of mean 0 and variance 1 will do.
# says: the noise is not Gaussian

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.distributions.Laplace(torch.zeros_like(mu), math.sqrt(0.5)).sample()
else:
    z = mu
