# misconception: The hard sigmoid is the same, only faster.
# says: is not right

hidden = F.relu(self.decode_hidden(z))
pixels = F.hardsigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
