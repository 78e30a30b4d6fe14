# misconception: encode gives ln sigma.
# says: half of logvar is returned

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = 0.5 * self.encode_logvar(hidden)
