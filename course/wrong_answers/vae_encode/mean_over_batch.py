# misconception: There is one q(z) for the batch.
# says: should have the shape

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden).mean(0)
logvar = self.encode_logvar(hidden).mean(0)
