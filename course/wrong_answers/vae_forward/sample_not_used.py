# misconception: A sample is drawn, and the mean decoded.
# says: mu is decoded, not a sample: reparameterize is not used

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(mu)
