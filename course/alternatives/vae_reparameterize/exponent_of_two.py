# differs: takes the exponential to base 2, and a standard normal distribution for the noise

sigma = torch.exp2(0.5 * logvar / math.log(2))
standard = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
z = mu + sigma * standard.sample() if self.training else mu
