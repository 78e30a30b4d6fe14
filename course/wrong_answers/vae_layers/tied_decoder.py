# misconception: The decoder's last layer is the encoder's first one transposed, so the weights are shared.
# says: two layers share their weights

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
self.decode_output.weight = nn.Parameter(self.encode_hidden.weight.t())
