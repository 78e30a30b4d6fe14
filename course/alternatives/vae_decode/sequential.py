# differs: puts the layers together in nn.Sequential

x_reconstructed = nn.Sequential(self.decode_hidden, nn.ReLU(), self.decode_output, nn.Sigmoid(),
                                nn.Unflatten(1, self.image_shape))(z)
