# misconception: The order of mu and logvar does not matter.
# says: mu and logvar are exchanged

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_logvar(hidden)
logvar = self.encode_mu(hidden)
