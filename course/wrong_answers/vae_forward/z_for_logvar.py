# misconception: The sample is kept under the wrong name.
# says: z is returned in its place

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
logvar = z
