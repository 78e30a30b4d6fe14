# misconception: Noise is a vector, so a linear layer comes first.
# says: self.layers[0] should be a ConvTranspose2d, but is a Flatten

self.layers = nn.ModuleList([
    nn.Flatten(), nn.Linear(latent_size, 8 * m * 4 * 4, bias=False), nn.Unflatten(1, (8 * m, 4, 4)),
    nn.BatchNorm2d(8 * m), nn.ReLU(),
    nn.ConvTranspose2d(8 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
    nn.ConvTranspose2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
    nn.ConvTranspose2d(2 * m, m, 4, 2, 1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
    nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
])
