# differs: names all arguments, the defaults too

self.layers = nn.ModuleList(modules=[
    nn.ConvTranspose2d(in_channels=latent_size, out_channels=m * 8, kernel_size=4, stride=1, padding=0, bias=False),
    nn.BatchNorm2d(num_features=m * 8, eps=1e-5, momentum=0.1, affine=True, track_running_stats=True), nn.ReLU(),
    nn.ConvTranspose2d(in_channels=m * 8, out_channels=m * 4, kernel_size=4, stride=2, padding=1, bias=False),
    nn.BatchNorm2d(num_features=m * 4), nn.ReLU(inplace=False),
    nn.ConvTranspose2d(in_channels=m * 4, out_channels=m * 2, kernel_size=4, stride=2, padding=1, output_padding=0,
                       groups=1, bias=False, dilation=1),
    nn.BatchNorm2d(num_features=m * 2), nn.ReLU(),
    nn.ConvTranspose2d(in_channels=m * 2, out_channels=m, kernel_size=4, stride=2, padding=1, bias=False),
    nn.BatchNorm2d(num_features=m), nn.ReLU(),
    nn.Conv2d(in_channels=m, out_channels=num_input_channels, kernel_size=3, stride=1, padding=1, bias=False),
    nn.Tanh(),
])
