# misconception: Noise beyond three standard deviations is cut off.
# says: the noise is cut off: a Gaussian has tails

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma).clamp(-3, 3)
else:
    z = mu
