# misconception: One noise vector serves the whole batch.
# says: all images of the batch share one noise vector

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn(mu.shape[1])
else:
    z = mu
