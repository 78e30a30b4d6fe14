# misconception: Pixels are black or white.
# says: the pixels are not rounded, but shades of grey

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden)).round()
x_reconstructed = pixels.view(-1, *self.image_shape)
