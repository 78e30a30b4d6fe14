# misconception: A softmax gives probabilities.
# says: a softmax stands where the sigmoid belongs

hidden = F.relu(self.decode_hidden(z))
pixels = torch.softmax(self.decode_output(hidden), dim=1)
x_reconstructed = pixels.view(-1, *self.image_shape)
