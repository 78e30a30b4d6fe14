# misconception: Three transposed convolutions in all make 32 pixels.
# says: self.layers[9] should be a ConvTranspose2d, but is a Conv2d

self.layers = nn.ModuleList([
    nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU(),
    nn.ConvTranspose2d(8 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
    nn.ConvTranspose2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
    nn.Conv2d(2 * m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
])
