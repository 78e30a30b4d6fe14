# misconception: z = sigma + mu * eps.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = sigma + mu * torch.randn_like(mu)
else:
    z = mu
