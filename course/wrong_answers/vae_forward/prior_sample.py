# misconception: z is drawn from the prior.
# says: is not right

mu, logvar = self.encode(x)
z = torch.randn_like(mu)
x_reconstructed = self.decode(z)
