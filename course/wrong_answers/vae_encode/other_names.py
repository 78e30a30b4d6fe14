# misconception: The result may have any name.
# says: the code after gap vae_encode uses `logvar`, which the gap does not define

hidden = F.relu(self.encode_hidden(x.flatten(1)))
mu = self.encode_mu(hidden)
log_var = self.encode_logvar(hidden)
