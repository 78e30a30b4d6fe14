# misconception: Any constant will do to begin with.
# says: its units would stay copies of each other

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
for parameter in self.parameters():
    nn.init.constant_(parameter, 0.1)
