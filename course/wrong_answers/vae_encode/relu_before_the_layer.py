# misconception: The ReLU comes before the hidden layer, not after it.
# says: the hidden layer has nothing where ReLU belongs

hidden = self.encode_hidden(F.relu(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
