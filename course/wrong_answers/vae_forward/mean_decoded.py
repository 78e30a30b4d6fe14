# misconception: The mean is decoded, the sample forgotten.
# says: mu is decoded, not a sample: reparameterize is not used

mu, logvar = self.encode(x)
x_reconstructed = self.decode(mu)
