# misconception: Layers can be kept in a list.
# says: self.encode_hidden is missing, or is not a layer

self.layers = [nn.Linear(num_pixels, hidden_size),
               nn.Linear(hidden_size, latent_size),
               nn.Linear(hidden_size, latent_size),
               nn.Linear(latent_size, hidden_size),
               nn.Linear(hidden_size, num_pixels)]
