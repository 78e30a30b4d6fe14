# differs: asks the encoder twice, for mu and for logvar

mu = self.encode(x)[0]
logvar = self.encode(x)[1]
x_reconstructed = self.decode(self.reparameterize(mu, logvar))
