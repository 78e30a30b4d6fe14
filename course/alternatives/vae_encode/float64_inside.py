# differs: computes in float64 and gives back float32

def linear(layer, values):
    return F.linear(values, layer.weight.double(), layer.bias.double())


hidden = F.relu(linear(self.encode_hidden, x.flatten(1).double()))
mu, logvar = linear(self.encode_mu, hidden).float(), linear(self.encode_logvar, hidden).float()
