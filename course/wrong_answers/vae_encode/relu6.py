# misconception: ReLU and ReLU6 are the same.
# says: is not right

hidden = F.relu6(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
