# misconception: torch.randn draws where mu is.
# says: Expected all tensors to be on the same device

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn(mu.shape)
else:
    z = mu
