# misconception: The model is put into evaluation mode when it has sampled.
# says: the second call draws no noise

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
    self.eval()
else:
    z = mu
