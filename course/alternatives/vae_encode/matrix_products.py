# differs: multiplies with the weight matrices itself

rows = torch.stack([image.ravel() for image in x])
hidden = torch.maximum(rows @ self.encode_hidden.weight.T + self.encode_hidden.bias, torch.zeros(()))
mu = hidden @ self.encode_mu.weight.T + self.encode_mu.bias
logvar = torch.addmm(self.encode_logvar.bias, hidden, self.encode_logvar.weight.t())
