# misconception: Pixels lie with their channels side by side.
# says: is not right

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape[1:], self.image_shape[0]).permute(0, 3, 1, 2)
