# misconception: Images are data and carry no gradients.
# says: no gradient reaches

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.detach().view(-1, *self.image_shape)
