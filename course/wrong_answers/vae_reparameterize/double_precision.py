# misconception: Noise from numpy is as good.
# says: z should come out as torch.float32

if self.training:
    sigma = torch.exp(0.5 * logvar)
    eps = torch.distributions.Normal(torch.zeros_like(mu).double(), 1.0).sample()
    z = mu + sigma * eps
else:
    z = mu
