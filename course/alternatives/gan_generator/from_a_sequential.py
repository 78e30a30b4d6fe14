# differs: flattens blocks into one list

widths = [8 * m, 4 * m, 2 * m, m]
blocks = [nn.Sequential(nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU())]
blocks += [nn.Sequential(nn.ConvTranspose2d(a, b, 4, 2, 1, bias=False), nn.BatchNorm2d(b), nn.ReLU())
           for a, b in zip(widths[:-1], widths[1:])]
blocks += [nn.Sequential(nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh())]
self.layers = nn.ModuleList(layer for block in blocks for layer in block)
