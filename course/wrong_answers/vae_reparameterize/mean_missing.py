# misconception: z is sigma times eps.
# says: z has the mean

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = sigma * torch.randn_like(mu)
else:
    z = mu
