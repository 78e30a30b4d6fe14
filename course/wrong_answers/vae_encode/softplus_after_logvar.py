# misconception: A variance is positive, so logvar gets a softplus.
# says: logvar may be negative, so no

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = F.softplus(self.encode_logvar(hidden))
