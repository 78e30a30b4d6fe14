# misconception: The noise is drawn once and kept.
# says: each should draw its own noise

if self.training:
    sigma = torch.exp(0.5 * logvar)
    if getattr(self, "eps", None) is None or self.eps.shape != mu.shape:
        self.eps = torch.randn_like(mu)
    z = mu + sigma * self.eps
else:
    z = mu
