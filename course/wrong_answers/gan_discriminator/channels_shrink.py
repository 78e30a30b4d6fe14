# misconception: The way back has fewer and fewer channels.
# says: out_channels should be

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, 4 * m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, m, 4, 2, 1, bias=False), nn.BatchNorm2d(m), nn.LeakyReLU(0.2),
    nn.Conv2d(m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
