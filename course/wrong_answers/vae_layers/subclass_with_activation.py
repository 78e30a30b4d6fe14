# misconception: A layer of one's own, with the same weights, may apply the ReLU itself.
# says: an activation is part of the layer

class Activated(nn.Linear):
    def forward(self, x):
        return F.relu(super().forward(x))


self.encode_hidden = Activated(num_pixels, hidden_size)
self.encode_mu = nn.Linear(hidden_size, latent_size)
self.encode_logvar = nn.Linear(hidden_size, latent_size)
self.decode_hidden = nn.Linear(latent_size, hidden_size)
self.decode_output = nn.Linear(hidden_size, num_pixels)
