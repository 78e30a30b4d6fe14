# misconception: Each channel is a row of pixels of its own.
# says: shapes cannot be multiplied

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=2)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
