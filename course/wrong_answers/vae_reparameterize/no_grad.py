# misconception: Sampling needs no gradients.
# says: no gradient reaches mu

if self.training:
    sigma = torch.exp(0.5 * logvar)
    with torch.no_grad():
        z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
