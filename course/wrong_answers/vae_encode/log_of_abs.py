# misconception: The layer gives the variance up to a sign, so encode returns the logarithm of its absolute value.
# says: is not right

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = torch.log(self.encode_logvar(hidden).abs() + 1e-8)
