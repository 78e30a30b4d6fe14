# misconception: Blocks that look alike can be one block.
# says: is the very layer that stands at self.layers[3]

block = [nn.ConvTranspose2d(8 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU()]
self.layers = nn.ModuleList([nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m),
                             nn.ReLU(), *block * 3, nn.Conv2d(4 * m, num_input_channels, 3, 1, 1, bias=False),
                             nn.Tanh()])
