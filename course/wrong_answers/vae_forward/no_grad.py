# misconception: A forward pass records no gradients.
# says: no gradient reaches the encoder's mu from x_reconstructed

with torch.no_grad():
    mu, logvar = self.encode(x)
    z = self.reparameterize(mu, logvar)
    x_reconstructed = self.decode(z)
