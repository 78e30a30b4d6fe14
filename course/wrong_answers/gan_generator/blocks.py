# misconception: Layers that belong together make a block.
# says: but is a Sequential of several layers

def block(size_in, size_out, stride, padding):
    return nn.Sequential(nn.ConvTranspose2d(size_in, size_out, 4, stride, padding, bias=False),
                         nn.BatchNorm2d(size_out), nn.ReLU())


self.layers = nn.ModuleList([block(latent_size, 8 * m, 1, 0), block(8 * m, 4 * m, 2, 1), block(4 * m, 2 * m, 2, 1),
                             block(2 * m, m, 2, 1), nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh()])
