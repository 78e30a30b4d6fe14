# misconception: The layer gives the variance, so encode must return its logarithm.
# says: logvar is the logarithm already, no log belongs after it

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = torch.log(self.encode_logvar(hidden))
