# misconception: encode gives the standard deviation.
# says: sigma is returned: the root and exp belong into reparameterize

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden)
logvar = torch.exp(0.5 * self.encode_logvar(hidden))
