# misconception: logvar is decoded.
# says: logvar is decoded, not a sample

mu, logvar = self.encode(x)
x_reconstructed = self.decode(logvar)
