# misconception: Every second image reuses the noise of the one before it.
# says: elements of the batch share their noise

if self.training:
    sigma = torch.exp(0.5 * logvar)
    eps = torch.randn_like(mu)
    eps[1::2] = eps[:-1:2][:len(eps[1::2])]
    z = mu + sigma * eps
else:
    z = mu
