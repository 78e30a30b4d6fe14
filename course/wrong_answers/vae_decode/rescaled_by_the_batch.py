# misconception: Pixels are stretched to [0, 1] by the smallest and the largest of the batch.
# says: is not right

hidden = F.relu(self.decode_hidden(z))
pixels = self.decode_output(hidden)
pixels = (pixels - pixels.min()) / (pixels.max() - pixels.min())
x_reconstructed = pixels.view(-1, *self.image_shape)
