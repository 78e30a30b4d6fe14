# differs: halves the channels in a loop

self.layers = nn.ModuleList()
channels, stride, padding = latent_size, 1, 0
for factor in (8, 4, 2, 1):
    self.layers.append(nn.ConvTranspose2d(channels, factor * m, 4, stride, padding, bias=False))
    self.layers.append(nn.BatchNorm2d(factor * m))
    self.layers.append(nn.ReLU(True))
    channels, stride, padding = factor * m, 2, 1
self.layers.append(nn.Conv2d(channels, num_input_channels, 3, padding=1, bias=False))
self.layers.append(nn.Tanh())
