# misconception: Images have their channels last, as in matplotlib.
# says: the channels come last

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape[1:], self.image_shape[0])
