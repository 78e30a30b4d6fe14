# misconception: reparameterize takes the variance.
# says: reparameterize was given exp(logvar), not logvar

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar.exp())
x_reconstructed = self.decode(z)
