# misconception: One noise number per image is enough.
# says: the latent dimensions of an image share their noise

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn(len(mu), 1)
else:
    z = mu
