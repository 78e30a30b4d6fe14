# misconception: The hidden layer is normalised over the batch.
# says: is not right

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
hidden = hidden - hidden.mean(0)
mu = self.encode_mu(hidden)
logvar = self.encode_logvar(hidden)
