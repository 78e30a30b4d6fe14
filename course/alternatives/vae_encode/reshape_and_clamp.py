# differs: reshapes to rows, and cuts the hidden layer at 0

rows = x.reshape(x.shape[0], -1)
hidden = self.encode_hidden(rows).clamp(min=0)
logvar = self.encode_logvar(hidden)
mu = self.encode_mu(hidden)
