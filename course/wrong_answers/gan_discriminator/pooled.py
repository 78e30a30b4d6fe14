# misconception: Pooling halves the image.
# says: stride should be 2, but is 1

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 1, 2, bias=False), nn.AvgPool2d(2), nn.LeakyReLU(0.2),
    nn.Conv2d(m, 2 * m, 4, 1, 2, bias=False), nn.AvgPool2d(2), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, 4 * m, 4, 1, 2, bias=False), nn.AvgPool2d(2), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
