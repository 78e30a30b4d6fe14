# misconception: logvar is limited to be safe.
# says: Is it limited?

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden).clamp(-10, 10)
