# misconception: An attribute that is a function will do, the layer lies hidden in it.
# says: self.encode_hidden is missing, or is not a layer

hidden = nn.Linear(num_pixels, hidden_size)
self.encode_hidden = lambda x: hidden(x)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
