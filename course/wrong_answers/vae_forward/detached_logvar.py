# misconception: Only mu is learned through the sample.
# says: no gradient reaches the encoder's logvar from x_reconstructed

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar.detach())
x_reconstructed = self.decode(z)
