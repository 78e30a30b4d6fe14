# misconception: The posterior is never wider than the prior.
# says: Is it limited?

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden).clamp(max=0)
