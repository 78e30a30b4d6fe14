# misconception: Blocks that look alike can be one block.
# says: is the very layer that stands at self.layers[2]

block = [nn.Conv2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.LeakyReLU(0.2)]
self.layers = nn.ModuleList([nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2), *block, *block,
                             nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False), nn.Sigmoid()])
