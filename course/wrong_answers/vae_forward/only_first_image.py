# misconception: One image is looked at.
# says: is not right

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z[:1]).expand_as(x)
