# misconception: Layers should be attributes of their own too.
# says: weights saved elsewhere do not load: this network has

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
    nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
self.features = nn.Sequential(*self.layers[:8])
