# misconception: Images need convolutions.
# says: self.encode_hidden should map 30 values to 16

self.encode_hidden = nn.Conv2d(in_channels, hidden_size, (in_height, in_width))
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
