# misconception: The posterior is never wider than the prior.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar.clamp(max=0))
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
