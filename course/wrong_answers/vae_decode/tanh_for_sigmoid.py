# misconception: Images end with a tanh, as in a GAN.
# says: a tanh stands where the sigmoid belongs

hidden = F.relu(self.decode_hidden(z))
pixels = torch.tanh(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
