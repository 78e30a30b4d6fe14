# misconception: A hidden layer needs dropout.
# says: is not right

hidden = F.dropout(F.relu(self.encode_hidden(x.flatten(start_dim=1))), 0.2, self.training)
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
