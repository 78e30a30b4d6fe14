# misconception: Only mu should train the hidden layer.
# says: no gradient reaches self.encode_hidden from logvar

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden.detach())
