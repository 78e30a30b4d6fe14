# misconception: Decoding is generation, so no gradients are recorded.
# says: no gradient reaches z

with torch.no_grad():
    hidden = F.relu(self.decode_hidden(z))
    pixels = torch.sigmoid(self.decode_output(hidden))
    x_reconstructed = pixels.view(-1, *self.image_shape)
