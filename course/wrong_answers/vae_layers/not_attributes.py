# misconception: Layers that are made need not be kept in self.
# says: self.encode_hidden is missing, or is not a layer

encode_hidden = nn.Linear(num_pixels, hidden_size)
encode_mu = nn.Linear(hidden_size, latent_size)
encode_logvar = nn.Linear(hidden_size, latent_size)
decode_hidden = nn.Linear(latent_size, hidden_size)
decode_output = nn.Linear(hidden_size, num_pixels)
