# misconception: tanh does as well as a ReLU.
# says: the hidden layer has a tanh where ReLU belongs

hidden = torch.tanh(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
