# misconception: The noise must not disturb mu.
# says: no gradient reaches mu

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu.detach() + sigma * torch.randn_like(sigma)
else:
    z = mu
