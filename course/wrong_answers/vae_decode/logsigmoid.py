# misconception: logsigmoid is the safe form of the sigmoid.
# says: is not right

hidden = F.relu(self.decode_hidden(z))
pixels = F.logsigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
