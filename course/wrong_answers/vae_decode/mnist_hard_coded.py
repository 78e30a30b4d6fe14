# misconception: All images are MNIST's.
# says: is invalid for input of size

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, 1, 28, 28)
