# misconception: Two samples are decoded and averaged.
# says: is not right

mu, logvar = self.encode(x)
z = 0.5 * (self.reparameterize(mu, logvar) + mu)
x_reconstructed = self.decode(z)
