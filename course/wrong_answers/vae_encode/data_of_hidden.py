# misconception: hidden.data is the same as hidden.
# says: no gradient reaches self.encode_hidden from mu

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
hidden = hidden.data
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
