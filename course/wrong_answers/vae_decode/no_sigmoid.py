# misconception: The output layer needs no activation.
# says: the sigmoid is missing, so pixels leave [0, 1]

hidden = F.relu(self.decode_hidden(z))
pixels = self.decode_output(hidden)
x_reconstructed = pixels.view(-1, *self.image_shape)
