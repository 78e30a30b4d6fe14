# misconception: An output with a batch of one loses its first axis.
# says: should have the shape (1, 3), but has (3,)

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden).squeeze()
logvar = self.encode_logvar(hidden).squeeze()
