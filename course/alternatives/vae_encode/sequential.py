# differs: puts layers together in nn.Sequential

trunk = nn.Sequential(nn.Flatten(), self.encode_hidden, nn.ReLU())
mu, logvar = nn.Sequential(trunk, self.encode_mu)(x), nn.Sequential(trunk, self.encode_logvar)(x)
