# misconception: A convolution with a kernel of one does the same as a linear layer.
# says: self.encode_mu should map 16 values to 3

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Conv1d(hidden_size, latent_size, 1)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
