# misconception: Every layer has a ReLU before it.
# says: is not right

hidden = F.relu(self.decode_hidden(F.relu(z)))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
