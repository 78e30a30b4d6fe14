# misconception: softplus does as well as a ReLU.
# says: the hidden layer has a softplus where ReLU belongs

hidden = F.softplus(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
