# misconception: Pixels are flattened with the channels last.
# says: is not right

hidden = F.relu(self.encode_hidden(x.permute(0, 2, 3, 1).flatten(1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
