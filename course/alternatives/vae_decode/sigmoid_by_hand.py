# differs: writes out the sigmoid, 1 / (1 + exp(-x))

hidden = F.threshold(self.decode_hidden(z), 0, 0)
pixels = 1 / (1 + torch.exp(-self.decode_output(hidden)))
channels, height, width = self.image_shape
x_reconstructed = pixels.reshape(z.size(0), channels, height, width)
