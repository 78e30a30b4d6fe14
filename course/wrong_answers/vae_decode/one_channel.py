# misconception: Images are grey.
# says: should have the shape

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(len(z), 1, -1, self.image_shape[2])
