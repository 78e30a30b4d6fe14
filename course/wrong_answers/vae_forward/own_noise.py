# misconception: The noise is added here, in evaluation mode too.
# says: is not right

mu, logvar = self.encode(x)
z = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
x_reconstructed = self.decode(z)
