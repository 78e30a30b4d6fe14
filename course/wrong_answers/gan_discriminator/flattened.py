# misconception: A linear layer must give the answer.
# says: self.layers[8] should be a Conv2d, but is a Flatten

self.layers = nn.ModuleList([
    nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
    nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2),
    nn.Conv2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.LeakyReLU(0.2),
    nn.Flatten(), nn.Linear(4 * m * 4 * 4, 1, bias=False), nn.Sigmoid(),
])
