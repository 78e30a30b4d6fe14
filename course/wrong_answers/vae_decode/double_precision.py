# misconception: Images are more exact in float64.
# says: x_reconstructed should come out as torch.float32

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.double().view(-1, *self.image_shape)
