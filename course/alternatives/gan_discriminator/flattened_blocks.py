# differs: makes blocks with and without batch norm, and joins them

from functools import partial

conv = partial(nn.Conv2d, kernel_size=4, stride=2, padding=1, bias=False)
blocks = [[conv(num_input_channels, m)], [conv(m, 2 * m), nn.BatchNorm2d(2 * m)],
          [conv(2 * m, 4 * m), nn.BatchNorm2d(4 * m)]]
layers = [layer for block in blocks for layer in [*block, nn.LeakyReLU(0.2)]]
self.layers = nn.ModuleList([*layers, conv(4 * m, 1, stride=1, padding=0), nn.Sigmoid()])
