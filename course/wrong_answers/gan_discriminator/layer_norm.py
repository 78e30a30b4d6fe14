# misconception: A group norm with one group does the same, image by image.
# says: should be a BatchNorm2d, but is a GroupNorm

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
    nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.GroupNorm(1, 2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.GroupNorm(1, 4 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
