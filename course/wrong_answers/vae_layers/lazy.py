# misconception: Input sizes can be left to be found out later.
# says: uninitialized

self.encode_hidden = nn.LazyLinear(hidden_size)
self.encode_mu = nn.LazyLinear(latent_size)
self.encode_logvar = nn.LazyLinear(latent_size)
self.decode_hidden = nn.LazyLinear(hidden_size)
self.decode_output = nn.LazyLinear(num_pixels)
