# misconception: All images are MNIST's, so there are always 784 pixels.
# says: self.encode_hidden should map 30 values to 16

self.encode_hidden = nn.Linear(28 * 28, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, 28 * 28)
