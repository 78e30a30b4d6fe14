# misconception: The loss takes the variance.
# says: its exponential is returned, not logvar itself

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
logvar = logvar.exp()
