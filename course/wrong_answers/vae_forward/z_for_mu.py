# misconception: mu is replaced by its sample, so the loss gets z.
# says: z is returned in its place

mu, logvar = self.encode(x)
mu = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(mu)
