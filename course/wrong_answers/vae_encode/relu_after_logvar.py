# misconception: A variance is positive, so logvar gets a ReLU.
# says: logvar may be negative, so no ReLU belongs after it

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = F.relu(self.encode_logvar(hidden))
