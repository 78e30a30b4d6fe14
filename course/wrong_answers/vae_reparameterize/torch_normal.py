# misconception: torch.normal(mu, sigma) can be differentiated.
# says: torch.normal was used, which has no gradient

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = torch.normal(mu, sigma)
else:
    z = mu
