# misconception: Only the encoder learns.
# says: is not trained: it is frozen, or no parameter

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
self.decode_hidden.requires_grad_(False)
self.decode_output.requires_grad_(False)
