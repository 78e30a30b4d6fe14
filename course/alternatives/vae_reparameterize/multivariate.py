# differs: draws from a multivariate Gaussian with a diagonal factor

if self.training:
    factor = torch.diag_embed(torch.exp(0.5 * logvar))
    z = mu + (factor @ torch.randn_like(mu).unsqueeze(-1)).squeeze(-1)
else:
    z = mu
