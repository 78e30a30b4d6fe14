# differs: puts the batch norms in between at last

self.layers = nn.ModuleList()
for size_in, size_out in ((num_input_channels, m), (m, 2 * m), (2 * m, 4 * m)):
    self.layers += [nn.Conv2d(size_in, size_out, 4, 2, 1, bias=False), nn.LeakyReLU(0.2)]
self.layers.extend([nn.Conv2d(4 * m, 1, 4, bias=False), nn.Sigmoid()])
self.layers.insert(5, nn.BatchNorm2d(4 * m))
self.layers.insert(3, nn.BatchNorm2d(2 * m))
