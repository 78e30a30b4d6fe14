# misconception: The layer gives the logarithm, so encode must return its exponential.
# says: logvar is the logarithm already, no exp belongs after it

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden).exp()
