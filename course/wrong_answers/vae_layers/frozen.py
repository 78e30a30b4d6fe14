# misconception: A model must not record gradients before it is trained.
# says: is not trained: it is frozen, or no parameter

self.encode_hidden = nn.Linear(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
for parameter in self.parameters():
    parameter.requires_grad = False
