# misconception: Noise belongs into evaluation.
# says: z does not vary: in training mode it is a random sample

if not self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
