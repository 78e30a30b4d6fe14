# differs: has a class of its own for the transposed convolution

class Up(nn.ConvTranspose2d):
    """Doubles height and width."""

    def __init__(self, size_in, size_out, stride=2, padding=1):
        super().__init__(size_in, size_out, 4, stride, padding, bias=False)


layers = [Up(latent_size, 8 * m, 1, 0), nn.BatchNorm2d(8 * m), nn.ReLU()]
for factor in (4, 2, 1):
    layers.extend([Up(2 * factor * m, factor * m), nn.BatchNorm2d(factor * m), nn.ReLU()])
layers.extend([nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh()])
self.layers = nn.ModuleList(layers)
