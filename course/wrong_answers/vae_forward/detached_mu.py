# misconception: Only logvar is learned through the sample.
# says: no gradient reaches the encoder's mu from x_reconstructed

mu, logvar = self.encode(x)
z = self.reparameterize(mu.detach(), logvar)
x_reconstructed = self.decode(z)
