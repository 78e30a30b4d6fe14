# misconception: Images are shifted to [-1, 1] first.
# says: is not right

x = 2 * x - 1
hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
