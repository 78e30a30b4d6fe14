# misconception: The reconstruction needs a sigmoid.
# says: decode gives images already, no sigmoid belongs after it

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = torch.sigmoid(self.decode(z))
