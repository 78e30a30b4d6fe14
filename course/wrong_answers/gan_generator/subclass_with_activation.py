# misconception: A layer of one's own, with the same weights, may apply the ReLU itself.
# says: and does none do more?

class Activated(nn.Conv2d):
    def forward(self, x):
        return super().forward(x).relu()


self.layers = nn.ModuleList([
    nn.ConvTranspose2d(latent_size, 8 * m, 4, 1, 0, bias=False), nn.BatchNorm2d(8 * m), nn.ReLU(),
    nn.ConvTranspose2d(8 * m, 4 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(4 * m), nn.ReLU(),
    nn.ConvTranspose2d(4 * m, 2 * m, 4, 2, 1, bias=False), nn.BatchNorm2d(2 * m), nn.ReLU(),
    nn.ConvTranspose2d(2 * m, m, 4, 2, 1, bias=False), nn.BatchNorm2d(m), nn.ReLU(),
    Activated(m, num_input_channels, 3, 1, 1, bias=False), nn.Tanh(),
])
