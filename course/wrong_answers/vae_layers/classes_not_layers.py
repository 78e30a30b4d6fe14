# misconception: The layer's class is named, but no layer is made.
# says: self.encode_mu is missing, or is not a layer

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
