# misconception: What is returned is only looked at.
# says: no gradient reaches the encoder's mu from mu

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
mu, logvar = mu.detach(), logvar.detach()
