# misconception: The decoder begins at the hidden size, as the encoder ends there.
# says: self.decode_hidden should map 3 values to 16

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(hidden_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
