# misconception: Two linear layers in a row need no activation between them.
# says: the hidden layer has nothing where ReLU belongs

hidden = self.decode_hidden(z)
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
