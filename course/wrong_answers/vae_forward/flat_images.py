# misconception: The reconstruction is returned in rows.
# says: should have the shape

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z).flatten(1)
