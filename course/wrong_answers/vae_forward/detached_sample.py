# misconception: The decoder's error is no business of the encoder.
# says: no gradient reaches the encoder's mu from x_reconstructed

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z.detach())
