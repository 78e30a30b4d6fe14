# misconception: Images are made black and white first.
# says: is not right

mu, logvar = self.encode((x > 0.5).float())
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
