# misconception: The root is taken of the standard deviation.
# says: not the fourth root of the variance

if self.training:
    sigma = torch.sqrt(torch.exp(0.5 * logvar))
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
