# misconception: In evaluation z is logvar.
# says: it is logvar, not mu

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = logvar
