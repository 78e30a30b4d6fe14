# misconception: Uniform noise with the right mean and deviation is as good as Gaussian noise.
# says: the noise is not Gaussian (randn, not rand)

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * (torch.rand_like(sigma) - 0.5) * math.sqrt(12)
else:
    z = mu
