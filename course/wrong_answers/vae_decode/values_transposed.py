# misconception: Rows of pixels run down the columns.
# says: height and width are exchanged in the values

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, self.image_shape[0], self.image_shape[2], self.image_shape[1]).transpose(2, 3)
