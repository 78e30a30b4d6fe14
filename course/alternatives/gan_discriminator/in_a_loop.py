# differs: doubles the channels in a loop

self.layers = nn.ModuleList([nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)])
for width in (m, 2 * m):
    self.layers.append(nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False))
    self.layers.append(nn.BatchNorm2d(2 * width))
    self.layers.append(nn.LeakyReLU(0.2, True))
self.layers.append(nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False))
self.layers.append(nn.Sigmoid())
