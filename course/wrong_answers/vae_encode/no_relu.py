# misconception: Two linear layers in a row need no activation between them.
# says: the hidden layer has nothing where ReLU belongs

hidden = self.encode_hidden(x.flatten(start_dim=1))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
