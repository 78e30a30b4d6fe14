# differs: computes mu and logvar with one product of the joined weights

weight = torch.cat([self.encode_mu.weight, self.encode_logvar.weight])
bias = torch.cat([self.encode_mu.bias, self.encode_logvar.bias])
hidden = nn.ReLU()(self.encode_hidden(nn.Flatten()(x)))
mu, logvar = F.linear(hidden, weight, bias).chunk(2, dim=1)
