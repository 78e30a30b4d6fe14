# misconception: Results are more exact in float64.
# says: should come out as torch.float32

hidden = F.relu(self.encode_hidden(x.flatten(start_dim=1)))
mu = self.encode_mu(hidden).double()
logvar = self.encode_logvar(hidden).double()
