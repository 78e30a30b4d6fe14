# misconception: The image goes round the decoder.
# says: the image itself is returned

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
self.decode(z)
x_reconstructed = x
