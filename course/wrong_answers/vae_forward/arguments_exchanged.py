# misconception: reparameterize takes logvar first.
# says: reparameterize takes mu first, then logvar

mu, logvar = self.encode(x)
z = self.reparameterize(logvar, mu)
x_reconstructed = self.decode(z)
