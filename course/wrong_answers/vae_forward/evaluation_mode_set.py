# misconception: A model is put into evaluation mode before it is used.
# says: the model comes out in another mode than it came in

self.eval()
mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
