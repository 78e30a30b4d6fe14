# misconception: A random slope makes the discriminator robust.
# says: should be a LeakyReLU, but is a RReLU

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.RReLU(0.1, 0.5),
    nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.RReLU(0.1, 0.5),
    nn.Conv2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.RReLU(0.1, 0.5),
    nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
