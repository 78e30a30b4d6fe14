# misconception: One layer is enough to decode.
# says: shapes cannot be multiplied

pixels = torch.sigmoid(self.decode_output(z))
x_reconstructed = pixels.view(-1, *self.image_shape)
