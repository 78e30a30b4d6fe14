# misconception: encode returns logvar first.
# says: mu and logvar are exchanged

logvar, mu = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
