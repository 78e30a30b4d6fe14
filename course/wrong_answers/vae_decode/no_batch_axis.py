# misconception: An image has three axes.
# says: is invalid for input of size

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(self.image_shape)
