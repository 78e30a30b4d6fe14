# misconception: Pixels are divided by 255 once more.
# says: is not right

x = x / 255
hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
