# misconception: One noise number is enough.
# says: images of the batch

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn(1)
else:
    z = mu
