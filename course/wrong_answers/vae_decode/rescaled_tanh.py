# misconception: A tanh that is rescaled to [0, 1] is a sigmoid.
# says: is not right

hidden = F.relu(self.decode_hidden(z))
pixels = (torch.tanh(self.decode_output(hidden)) + 1) / 2
x_reconstructed = pixels.view(-1, *self.image_shape)
