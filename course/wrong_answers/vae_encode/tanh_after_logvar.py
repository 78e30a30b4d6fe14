# misconception: The log-variance is kept in [-1, 1].
# says: logvar is squeezed by a tanh

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = torch.tanh(self.encode_logvar(hidden))
