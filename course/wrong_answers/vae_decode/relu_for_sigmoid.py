# misconception: Every layer has a ReLU after it.
# says: a ReLU stands where the sigmoid belongs

hidden = F.relu(self.decode_hidden(z))
pixels = F.relu(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
