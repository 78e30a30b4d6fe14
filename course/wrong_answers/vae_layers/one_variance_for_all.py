# misconception: One log-variance is enough for all latent dimensions.
# says: self.encode_logvar should map 16 values to 3

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, 1)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
