# misconception: mu and logvar are those of the reconstruction.
# says: is not right

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
mu, logvar = self.encode(x_reconstructed)
