# misconception: Each layer learns by itself.
# says: no gradient reaches z

hidden = F.relu(self.decode_hidden(z)).detach()
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
