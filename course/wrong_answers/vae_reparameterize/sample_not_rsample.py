# misconception: A distribution's sample() can be differentiated.
# says: no gradient reaches mu

if self.training:
    sigma = torch.exp(0.5 * logvar)
    z = torch.distributions.Normal(mu, sigma).sample()
else:
    z = mu
