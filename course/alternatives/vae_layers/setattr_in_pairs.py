# differs: walks along the sizes of the model

path = [num_pixels, hidden_size, latent_size, hidden_size, num_pixels]
names = ["encode_hidden", "encode_mu", "decode_hidden", "decode_output"]
for name, size_in, size_out in zip(names, path[:-1], path[1:]):
    setattr(self, name, nn.Linear(size_in, size_out))
self.encode_logvar = nn.Linear(*path[1:3])
