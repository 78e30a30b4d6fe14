# misconception: The batch may come last.
# says: is not right

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.t().reshape(-1, *self.image_shape)
