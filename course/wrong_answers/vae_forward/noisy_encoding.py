# misconception: The encoder is called again with a noisy image, for the reconstruction.
# says: is not right

mu, logvar = self.encode(x)
z = self.reparameterize(*self.encode(x + 0.1 * torch.randn_like(x)))
x_reconstructed = self.decode(z)
