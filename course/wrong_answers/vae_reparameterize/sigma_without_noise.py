# misconception: z is mu + sigma.
# says: z does not vary: in training mode it is a random sample

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma
else:
    z = mu
