# misconception: The mean of ten samples is steadier.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * torch.randn(10, *mu.shape).mean(0)
else:
    z = mu
