# misconception: Linear layers need no bias.
# says: has no bias

self.encode_hidden = nn.Linear(num_pixels, hidden_size, bias=False)
self.encode_mu = nn.Linear(hidden_size, latent_size, bias=False)
self.encode_logvar = nn.Linear(hidden_size, latent_size, bias=False)
self.decode_hidden = nn.Linear(latent_size, hidden_size, bias=False)
self.decode_output = nn.Linear(hidden_size, num_pixels, bias=False)
