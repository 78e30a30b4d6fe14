# differs: hands over rows of pixels, and gives the reconstruction the shape of x

parameters = self.encode(x.flatten(start_dim=1))
mu, logvar = parameters[0], parameters[1]
x_reconstructed = self.decode(self.reparameterize(mu, logvar)).view_as(x)
