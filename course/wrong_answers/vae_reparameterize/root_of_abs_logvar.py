# misconception: The standard deviation is the root of logvar, made positive.
# says: z has the standard deviation

if self.training:
    sigma = logvar.abs().sqrt()
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
