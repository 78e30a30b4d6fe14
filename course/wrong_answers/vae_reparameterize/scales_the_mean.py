# misconception: z is mu times noise.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu * torch.randn_like(mu) * sigma
else:
    z = mu
