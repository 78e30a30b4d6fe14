# misconception: nn.Linear takes the output size first.
# says: maps in the wrong direction

self.encode_hidden = nn.Linear(hidden_size, num_pixels)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(num_pixels, hidden_size)
