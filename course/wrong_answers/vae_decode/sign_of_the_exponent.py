# misconception: The sigmoid is 1 / (1 + exp(x)).
# says: dark and bright are exchanged

hidden = F.relu(self.decode_hidden(z))
pixels = 1 / (1 + torch.exp(self.decode_output(hidden)))
x_reconstructed = pixels.view(-1, *self.image_shape)
