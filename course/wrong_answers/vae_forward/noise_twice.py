# misconception: Noise is added after reparameterize once more.
# says: is not right

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
z = z + torch.randn_like(z)
x_reconstructed = self.decode(z)
