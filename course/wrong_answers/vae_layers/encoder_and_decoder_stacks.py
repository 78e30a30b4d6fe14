# misconception: The names do not matter, so two stacks called encoder and decoder will do.
# says: self.encode_hidden is missing, or is not a layer

self.encoder = nn.Sequential(nn.Linear(num_pixels, hidden_size), nn.ReLU(),
                             nn.Linear(hidden_size, 2 * latent_size))
self.decoder = nn.Sequential(nn.Linear(latent_size, hidden_size), nn.ReLU(),
                             nn.Linear(hidden_size, num_pixels), nn.Sigmoid())
