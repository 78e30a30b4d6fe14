# misconception: The sample is taken in the logarithm.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + torch.exp(0.5 * logvar * torch.randn_like(logvar))
else:
    z = mu
