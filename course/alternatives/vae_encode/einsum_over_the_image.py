# differs: contracts the image with a weight of its shape, without flattening

weight = self.encode_hidden.weight.view(-1, *x.shape[1:])
hidden = torch.einsum("bchw,ochw->bo", x, weight) + self.encode_hidden.bias
hidden = hidden * (hidden > 0)
mu, logvar = self.encode_mu(hidden), self.encode_logvar(hidden)
