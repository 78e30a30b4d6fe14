# misconception: Pixels are cut to [0, 1].
# says: the logits are cut to [0, 1], where a sigmoid belongs

hidden = F.relu(self.decode_hidden(z))
pixels = self.decode_output(hidden).clamp(0, 1)
x_reconstructed = pixels.view(-1, *self.image_shape)
