# misconception: The way back is made of transposed convolutions.
# says: should be a Conv2d, but is a ConvTranspose2d

self.layers = nn.ModuleList([
    nn.ConvTranspose2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
    nn.ConvTranspose2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.ConvTranspose2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
    nn.ConvTranspose2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid(),
])
