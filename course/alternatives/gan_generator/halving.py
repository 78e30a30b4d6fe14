# differs: halves by whole division, and joins lists of layers

def block(size_in, size_out, *shape):
    return [nn.ConvTranspose2d(size_in, size_out, *shape, bias=False), nn.BatchNorm2d(size_out), nn.ReLU()]


width, layers = 8 * m, block(latent_size, 8 * m, 4)
while width > m:
    layers += block(width, width // 2, 4, 2, 1)
    width //= 2
self.layers = nn.ModuleList(layers + [nn.Conv2d(width, num_input_channels, 3, 1, 1, bias=False), nn.Tanh()])
