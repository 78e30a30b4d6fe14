# misconception: z is kept in [-1, 1].
# says: is not right

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar).clamp(-1, 1)
x_reconstructed = self.decode(z)
