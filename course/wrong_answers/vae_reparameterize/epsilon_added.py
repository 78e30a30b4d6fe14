# misconception: A tenth is added to sigma against collapse.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar) + 0.1
    z = mu + sigma * torch.randn_like(sigma)
else:
    z = mu
