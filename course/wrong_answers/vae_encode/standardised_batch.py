# misconception: Images are standardised by the mean and deviation of their batch.
# says: is not right

x = (x - x.mean()) / x.std()
hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
