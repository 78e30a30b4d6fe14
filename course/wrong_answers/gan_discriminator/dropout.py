# misconception: Dropout keeps the discriminator from winning.
# says: self.layers[2] should be a Conv2d, but is a Dropout2d

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2), nn.Dropout2d(0.25),
    nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
