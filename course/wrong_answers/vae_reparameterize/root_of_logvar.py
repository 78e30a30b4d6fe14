# misconception: The standard deviation is the root of logvar.
# says: z holds NaN or infinite values

if self.training:
    sigma = torch.sqrt(logvar)
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
