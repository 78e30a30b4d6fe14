# misconception: encode returns a sample of q(z|x) instead of its mean.
# says: is not right

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
mu = mu + torch.exp(0.5 * logvar) * torch.randn_like(mu)
