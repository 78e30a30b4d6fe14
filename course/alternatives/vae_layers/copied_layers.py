# differs: makes one layer of each kind and a deep copy of it for the log-variance

import copy
heads = nn.Linear(hidden_size, latent_size)
self.encode_hidden, self.encode_mu, self.encode_logvar = nn.Linear(num_pixels, hidden_size), heads, copy.deepcopy(heads)
self.decode_hidden, self.decode_output = nn.Linear(latent_size, hidden_size), nn.Linear(hidden_size, num_pixels)
