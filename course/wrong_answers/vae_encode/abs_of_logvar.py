# misconception: A logarithm of a variance is positive.
# says: logvar may be negative, so it needs no abs

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden).abs()
