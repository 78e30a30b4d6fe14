# differs: makes the layers from the last to the first

made = [nn.Tanh(), nn.Conv2d(m, num_input_channels, 3, 1, 1, bias=False)]
for factor in (1, 2, 4, 8):
    made += [nn.ReLU(), nn.BatchNorm2d(factor * m)]
    made += [nn.ConvTranspose2d(2 * factor * m, factor * m, 4, 2, 1, bias=False) if factor < 8
             else nn.ConvTranspose2d(latent_size, 8 * m, 4, bias=False)]
self.layers = nn.ModuleList(reversed(made))
