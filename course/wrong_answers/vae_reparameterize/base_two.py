# misconception: The logarithm is that of base 2.
# says: z has the standard deviation

if self.training:
    sigma = 2 ** (0.5 * logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
