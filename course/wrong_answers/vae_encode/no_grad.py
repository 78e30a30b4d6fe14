# misconception: Encoding is inference, so no gradients are recorded.
# says: no gradient reaches self.encode_hidden from mu

with torch.no_grad():
    hidden = F.relu(self.encode_hidden(x.flatten(1)))
    mu = self.encode_mu(hidden)
    logvar = self.encode_logvar(hidden)
