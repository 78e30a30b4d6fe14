# misconception: logvar is computed from mu.
# says: mat1 and mat2 shapes cannot be multiplied

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(mu)
