# misconception: Enlarging first and convolving then is the same.
# says: should be a ConvTranspose2d, but is an Upsample

self.layers = nn.ModuleList([
    nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU(),
    nn.Upsample(scale_factor=2), nn.Conv2d(8 * m, 4 * m, 3, 1, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
    nn.Upsample(scale_factor=2), nn.Conv2d(4 * m, 2 * m, 3, 1, 1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
    nn.Upsample(scale_factor=2), nn.Conv2d(2 * m, m, 3, 1, 1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
    nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
])
