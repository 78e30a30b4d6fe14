# misconception: Codes are kept in [-1, 1].
# says: mu is squeezed by a tanh

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = torch.tanh(self.encode_mu(hidden))
logvar = self.encode_logvar(hidden)
