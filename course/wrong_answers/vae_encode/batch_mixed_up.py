# misconception: view and transpose give the same rows.
# says: is not right

rows = x.flatten(1)
hidden = F.relu(self.encode_hidden(rows.t().reshape(rows.shape)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
