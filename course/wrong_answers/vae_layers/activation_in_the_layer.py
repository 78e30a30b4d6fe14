# misconception: The activation is a part of the layer.
# says: self.encode_hidden should be one linear layer

self.encode_hidden = nn.Sequential(nn.Linear(num_pixels, hidden_size), nn.ReLU())
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Sequential(nn.Linear(hidden_size, num_pixels), nn.Sigmoid())
