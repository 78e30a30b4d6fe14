# differs: unflattens rows into images

x_reconstructed = torch.relu(self.decode_hidden(z))
x_reconstructed = self.decode_output(x_reconstructed).sigmoid().unflatten(1, self.image_shape)
