# misconception: The decoder's error is no business of the encoder.
# says: no gradient reaches z

hidden = F.relu(self.decode_hidden(z.detach()))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
