# misconception: encode returns one tensor, to be cut in two.
# says: AttributeError

mu, logvar = self.encode(x).chunk(2, dim=1)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
