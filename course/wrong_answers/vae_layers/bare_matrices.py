# misconception: A layer is its weight matrix.
# says: self.encode_hidden is missing, or is not a layer

self.encode_hidden = nn.Parameter(torch.randn(num_pixels, hidden_size))
self.encode_mu = nn.Parameter(torch.randn(hidden_size, latent_size))
self.encode_logvar = nn.Parameter(torch.randn(hidden_size, latent_size))
self.decode_hidden = nn.Parameter(torch.randn(latent_size, hidden_size))
self.decode_output = nn.Parameter(torch.randn(hidden_size, num_pixels))
