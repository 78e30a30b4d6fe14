# differs: draws from a distribution that can be differentiated

q = torch.distributions.Normal(mu, torch.sqrt(torch.exp(logvar)))
z = q.rsample() if self.training else q.mean
