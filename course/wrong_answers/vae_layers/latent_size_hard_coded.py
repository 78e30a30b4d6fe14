# misconception: The latent space always has two dimensions, as it is drawn.
# says: self.encode_mu should map 16 values to 3

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, 2)
self.encode_logvar = nn.Linear(hidden_size, 2)
self.decode_hidden = nn.Linear(2, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
