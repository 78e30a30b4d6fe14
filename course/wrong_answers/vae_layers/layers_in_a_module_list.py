# misconception: Layers can be kept in an nn.ModuleList under one name.
# says: self.encode_hidden is missing, or is not a layer

self.layers = nn.ModuleList([nn.Linear(num_pixels, hidden_size),
                             nn.Linear(hidden_size, latent_size),
                             nn.Linear(hidden_size, latent_size),
                             nn.Linear(latent_size, hidden_size),
                             nn.Linear(hidden_size, num_pixels)])
