# misconception: z is mu plus standard noise.
# says: the noise is not scaled by sigma

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + torch.randn_like(mu)
else:
    z = mu
