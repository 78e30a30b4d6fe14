# differs: adds the layers from a table of sizes

sizes = {"encode_hidden": (num_pixels, hidden_size), "encode_mu": (hidden_size, latent_size),
         "encode_logvar": (hidden_size, latent_size), "decode_hidden": (latent_size, hidden_size),
         "decode_output": (hidden_size, num_pixels)}
for name, (size_in, size_out) in sizes.items():
    self.add_module(name, nn.Linear(size_in, size_out))
