# misconception: tanh does as well as a ReLU.
# says: the hidden layer has a tanh where ReLU belongs

hidden = torch.tanh(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
