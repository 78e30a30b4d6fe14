# misconception: Axes of length one are of no use.
# says: should have the shape

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape).squeeze()
