# misconception: Layers are more exact in float64.
# says: must have the same dtype

self.encode_hidden = nn.Linear(num_pixels, hidden_size, dtype=torch.float64)
self.encode_mu = nn.Linear(hidden_size, latent_size, dtype=torch.float64)
self.encode_logvar = nn.Linear(hidden_size, latent_size, dtype=torch.float64)
self.decode_hidden = nn.Linear(latent_size, hidden_size, dtype=torch.float64)
self.decode_output = nn.Linear(hidden_size, num_pixels, dtype=torch.float64)
