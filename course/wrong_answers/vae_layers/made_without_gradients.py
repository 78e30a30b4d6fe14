# misconception: The layers are made within torch.no_grad and their weights replaced by plain data.
# says: is not trained: it is frozen, or no parameter

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
weight = self.encode_mu.weight.detach()
del self.encode_mu.weight
self.encode_mu.register_buffer("weight", weight)
