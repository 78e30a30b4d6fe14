# misconception: ReLU does as well as a ReLU.
# says: the hidden layer has a leaky ReLU where ReLU belongs

hidden = F.leaky_relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
