# misconception: sigma multiplies mu too.
# says: z has the mean

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = (mu + torch.randn_like(mu)) * sigma
else:
    z = mu
