# misconception: Images have pixels from 0 to 255.
# says: pixels lie in [0, 1], not in [0, 255]

hidden = F.relu(self.decode_hidden(z))
pixels = 255 * torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
