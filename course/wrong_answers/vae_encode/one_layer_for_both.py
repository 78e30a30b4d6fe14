# misconception: mu and logvar come from the same layer.
# says: logvar is the same as mu: it needs its own layer

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_mu(hidden)
