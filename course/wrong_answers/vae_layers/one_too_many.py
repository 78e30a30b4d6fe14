# misconception: Another hidden layer makes the model better.
# says: is one too many

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
self.encode_hidden2 = nn.Linear(hidden_size, hidden_size)
