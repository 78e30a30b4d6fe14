# misconception: Width comes before height.
# says: height and width are exchanged

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, self.image_shape[0], self.image_shape[2], self.image_shape[1])
