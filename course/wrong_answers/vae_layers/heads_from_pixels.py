# misconception: mu and logvar are computed from the pixels, not from the hidden layer.
# says: self.encode_mu should map 16 values to 3

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(num_pixels, latent_size)
self.encode_logvar = nn.Linear(num_pixels, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
