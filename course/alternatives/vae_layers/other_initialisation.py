# differs: gives the weights another start: Xavier for the hidden layers, zeros for the log-variance

def linear(size_in, size_out):
    layer = nn.Linear(in_features=size_in, out_features=size_out, bias=True)
    nn.init.xavier_normal_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


self.encode_hidden, self.decode_hidden = linear(num_pixels, hidden_size), linear(latent_size, hidden_size)
self.encode_mu, self.encode_logvar = linear(hidden_size, latent_size), linear(hidden_size, latent_size)
self.decode_output = linear(hidden_size, num_pixels)
nn.init.zeros_(self.encode_logvar.weight)
