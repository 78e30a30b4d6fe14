# misconception: mu is computed from the image itself.
# says: mat1 and mat2 shapes cannot be multiplied

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(x.flatten(1))
logvar = self.encode_logvar(hidden)
