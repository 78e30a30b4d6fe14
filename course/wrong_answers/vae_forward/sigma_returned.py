# misconception: The loss takes the standard deviation.
# says: sigma is returned in its place

mu, logvar = self.encode(x)
z = self.reparameterize(mu, logvar)
x_reconstructed = self.decode(z)
logvar = torch.exp(0.5 * logvar)
