# misconception: Any name will do, here encode_log_var.
# says: self.encode_logvar is missing, or is not a layer

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
self.encode_log_var = nn.Linear(hidden_size, latent_size)
