# misconception: eps is a random sign.
# says: the noise is not Gaussian

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma).sign()
else:
    z = mu
