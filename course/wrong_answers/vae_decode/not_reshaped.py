# misconception: Rows of pixels are images.
# says: the rows of pixels still need the shape of images

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels
