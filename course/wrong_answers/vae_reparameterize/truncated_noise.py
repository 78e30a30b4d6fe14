# misconception: Noise comes from a truncated normal distribution.
# says: z has the standard deviation

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = mu + sigma * nn.init.trunc_normal_(torch.empty_like(sigma))
else:
    z = mu
