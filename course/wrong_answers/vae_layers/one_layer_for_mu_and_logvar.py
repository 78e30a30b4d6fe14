# misconception: A single layer gives mu and logvar together, to be split later.
# says: self.encode_mu should map 16 values to 3

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, 2 * latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
