# misconception: The second argument of a batch norm is its momentum, and 0.8 is a good one.
# says: eps should be 1e-05, but is 0.8

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
    nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m, 0.8), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m, 0.8), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
