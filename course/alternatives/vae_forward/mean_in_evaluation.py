# differs: decodes the mean in evaluation mode, which is what reparameterize gives

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar) if self.training else mu
x_reconstructed = self.decode(z).clamp(0, 1)
