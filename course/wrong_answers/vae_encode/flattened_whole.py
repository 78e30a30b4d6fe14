# misconception: flatten() keeps the images apart by itself.
# says: shapes cannot be multiplied

hidden = F.relu(self.encode_hidden(x.flatten()))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
