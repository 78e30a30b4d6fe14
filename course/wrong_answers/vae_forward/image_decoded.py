# misconception: The decoder takes the image.
# says: shapes cannot be multiplied

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(x)
