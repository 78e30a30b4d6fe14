# misconception: Layers should be attributes of their own too.
# says: weights saved elsewhere do not load: this network has

self.layers = nn.ModuleList([
    nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU(),
    nn.ConvTranspose2d(8 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
    nn.ConvTranspose2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
    nn.ConvTranspose2d(2 * m, m, 4, 2, 1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
    nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
])
self.first, self.last = self.layers[0], self.layers[12]
