# misconception: Weights begin at zero.
# says: its units would stay copies of each other

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
for layer in self.children():
    nn.init.zeros_(layer.weight)
    nn.init.zeros_(layer.bias)
