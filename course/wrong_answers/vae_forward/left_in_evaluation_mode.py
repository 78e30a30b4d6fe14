# misconception: The model is put into evaluation mode when it has been used.
# says: the model comes out in another mode than it came in

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
self.eval()
