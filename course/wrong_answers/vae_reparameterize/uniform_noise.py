# misconception: rand draws normal noise.
# says: the noise is uniform (rand), not Gaussian (randn)

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.rand_like(sigma)
else:
    z = mu
