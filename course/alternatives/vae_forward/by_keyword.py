# differs: names the arguments

mu, logvar = self.encode(x=x)
x_reconstructed = self.decode(z=self.reparameterize(logvar=logvar, mu=mu))
