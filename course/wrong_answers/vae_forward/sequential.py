# misconception: decode takes what encode gives.
# says: positional argument

mu, logvar = self.encode(x)
x_reconstructed = self.decode(*self.encode(x))
