# misconception: The hidden layer always has 100 units.
# says: self.encode_hidden should map 30 values to 16

self.encode_hidden = nn.Linear(num_pixels, 100)
self.encode_mu = nn.Linear(100, latent_size)
self.encode_logvar = nn.Linear(100, latent_size)
self.decode_hidden = nn.Linear(latent_size, 100)
self.decode_output = nn.Linear(100, num_pixels)
