# misconception: A pixel of 1 is black.
# says: dark and bright are exchanged

hidden = F.relu(self.decode_hidden(z))
pixels = 1 - torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
