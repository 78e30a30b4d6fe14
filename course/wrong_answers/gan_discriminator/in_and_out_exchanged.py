# misconception: The first argument is the number of output channels.
# says: in_channels and out_channels are exchanged

self.layers = nn.ModuleList([
    nn.Conv2d(m, num_input_channels, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(1, 4 * m, 4, 1, 0, bias=False), nn.Sigmoid(),
])
