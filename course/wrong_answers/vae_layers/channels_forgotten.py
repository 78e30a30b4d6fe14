# misconception: An image has height times width inputs, whatever its channels.
# says: self.encode_hidden should map 30 values to 16

self.encode_hidden = nn.Linear(in_height * in_width, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, in_height * in_width)
