# misconception: logvar is limited to be safe.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar.clamp(-5, 5))
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
