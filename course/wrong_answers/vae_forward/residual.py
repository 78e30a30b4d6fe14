# misconception: The reconstruction is added to the image.
# says: is not right

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = x + self.decode(z)
