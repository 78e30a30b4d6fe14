# misconception: The whole batch is encoded into one q(z).
# says: is not right

mu, logvar = self.encode(x)
mu = mu.mean(0).expand_as(mu)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
