# misconception: A convolution has a bias.
# says: a Conv2d: has a bias

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 2, 1), nn.LeakyReLU(0.2),
    nn.Conv2d(m, 2 * m, 4, 2, 1), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, 4 * m, 4, 2, 1), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 1, 4, 1, 0), nn.Sigmoid(),
])
