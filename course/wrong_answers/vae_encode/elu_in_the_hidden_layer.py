# misconception: ELU does as well as a ReLU.
# says: the hidden layer has an ELU where ReLU belongs

hidden = F.elu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
