# misconception: Codes lie in [0, 1] like pixels.
# says: mu is not a probability, so no sigmoid belongs after it

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = torch.sigmoid(self.encode_mu(hidden))
logvar = self.encode_logvar(hidden)
