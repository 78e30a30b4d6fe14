# misconception: The second half of the batch gets the noise of the first half with the other sign.
# says: images of the batch share their noise

if self.training:
    sigma = torch.exp(0.5 * logvar)
    eps = torch.randn_like(mu)
    half = len(eps) // 2
    eps[half:2 * half] = -eps[:half]
    z = mu + sigma * eps
else:
    z = mu
