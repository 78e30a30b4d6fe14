# differs: names the arguments, and leaves defaults out

self.layers = nn.ModuleList([
    nn.Conv2d(in_channels=num_input_channels, out_channels=m, kernel_size=4, stride=2, padding=1, bias=False),
    nn.LeakyReLU(negative_slope=0.2),
    nn.Conv2d(in_channels=m, out_channels=m * 2, kernel_size=4, stride=2, padding=1, bias=False),
    nn.BatchNorm2d(num_features=m * 2), nn.LeakyReLU(negative_slope=0.2),
    nn.Conv2d(in_channels=m * 2, out_channels=m * 4, kernel_size=4, stride=2, padding=1, bias=False),
    nn.BatchNorm2d(num_features=m * 4), nn.LeakyReLU(negative_slope=0.2),
    nn.Conv2d(in_channels=m * 4, out_channels=1, kernel_size=4, bias=False), nn.Sigmoid(),
])
