# misconception: Every layer has a ReLU after it.
# says: mu may be negative, so no ReLU belongs after it

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = F.relu(self.encode_mu(hidden))
logvar = F.relu(self.encode_logvar(hidden))
