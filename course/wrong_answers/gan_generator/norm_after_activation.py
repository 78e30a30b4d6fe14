# misconception: The activation comes right after the convolution, the norm after it.
# says: self.layers[1] should be a BatchNorm2d, but is a ReLU

self.layers = nn.ModuleList([
    nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.ReLU(), nn.BatchNorm2d(8 * m),
    nn.ConvTranspose2d(8 * m, 4 * m, 4, 2, 1, bias=False), nn.ReLU(), nn.BatchNorm2d(4 * m),
    nn.ConvTranspose2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.ReLU(), nn.BatchNorm2d(2 * m),
    nn.ConvTranspose2d(2 * m, m, 4, 2, 1, bias=False), nn.ReLU(), nn.BatchNorm2d(m),
    nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
])
