# misconception: reparameterize takes the standard deviation.
# says: reparameterize was given sigma, not logvar

mu, logvar = self.encode(x)
z = self.reparameterize(mu, torch.exp(0.5 * logvar))
x_reconstructed = self.decode(z)
