# misconception: A linear layer takes images as they are.
# says: shapes cannot be multiplied

hidden = F.relu(self.encode_hidden(x))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
