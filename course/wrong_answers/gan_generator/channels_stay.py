# misconception: Only the height and width change from layer to layer.
# says: out_channels should be

self.layers = nn.ModuleList()
for channels, stride, padding in [(latent_size, 1, 0), (8 * m, 2, 1), (8 * m, 2, 1), (8 * m, 2, 1)]:
    self.layers.extend([nn.ConvTranspose2d(channels, 8 * m, 4, stride, padding, bias=False), nn.BatchNorm2d(8 * m),
                        nn.ReLU()])
self.layers.extend([nn.Conv2d(8 * m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh()])
