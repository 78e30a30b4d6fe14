# misconception: Layers that belong together make a block.
# says: but is a Sequential of several layers

def block(size_in, size_out):
    return nn.Sequential(nn.Conv2d(size_in, size_out, 4, 2, 1, bias=False), nn.BatchNorm2d(size_out),
                         nn.LeakyReLU(0.2))


self.layers = nn.ModuleList([nn.Conv2d(num_input_channels, m, 4, 2, 1, bias=False), nn.LeakyReLU(0.2),
                             block(m, 2 * m), block(2 * m, 4 * m), nn.Conv2d(4 * m, 1, 4, 1, 0, bias=False),
                             nn.Sigmoid()])
