# differs: unpacks what encode gives

q = self.encode(x)
x_reconstructed, (mu, logvar) = self.decode(self.reparameterize(*q)), q
