# misconception: Height and width can be exchanged before flattening.
# says: height and width are exchanged before flattening

hidden = F.relu(self.encode_hidden(x.transpose(2, 3).flatten(1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
