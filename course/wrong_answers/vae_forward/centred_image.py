# misconception: Images are shifted to [-1, 1] first.
# says: is not right

mu, logvar = self.encode(2 * x - 1)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
