# misconception: A kernel has three rows, and output_padding makes up for it.
# says: kernel_size should be 4, but is 3

self.layers = nn.ModuleList([
    nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU(),
    nn.ConvTranspose2d(8 * m, 4 * m, 3, 2, 1, output_padding=1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
    nn.ConvTranspose2d(4 * m, 2 * m, 3, 2, 1, output_padding=1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
    nn.ConvTranspose2d(2 * m, m, 3, 2, 1, output_padding=1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
    nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
])
