# misconception: ReLU and ReLU6 are the same.
# says: is not right

hidden = F.relu6(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
