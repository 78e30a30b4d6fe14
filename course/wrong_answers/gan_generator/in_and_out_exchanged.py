# misconception: The first argument is the number of output channels.
# says: in_channels and out_channels are exchanged

self.layers = nn.ModuleList([
    nn.ConvTranspose2d(8 * m, latent_size, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU(),
    nn.ConvTranspose2d(4 * m, 8 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
    nn.ConvTranspose2d(2 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
    nn.ConvTranspose2d(m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
    nn.Conv2d(num_input_channels, m, 3, 1, 1, bias=False), nn.Tanh(),
])
