# misconception: The decoder adds noise to its pixels.
# says: is not right

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = (pixels + 0.05 * torch.randn_like(pixels)).clamp(0, 1).view(-1, *self.image_shape)
