# misconception: The encoder gets a noisy image.
# says: is not right

mu, logvar = self.encode(x + 0.1 * torch.randn_like(x))
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
