# misconception: The sample is sampled again.
# says: is not right

mu, logvar = self.encode(x)
z = self.reparameterize(self.reparameterize(mu, logvar), logvar)
x_reconstructed = self.decode(z)
