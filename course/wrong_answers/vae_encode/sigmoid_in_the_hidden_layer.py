# misconception: sigmoid does as well as a ReLU.
# says: the hidden layer has a sigmoid where ReLU belongs

hidden = torch.sigmoid(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
