# differs: applies both activations in place

pixels = torch.sigmoid_(self.decode_output(torch.relu_(self.decode_hidden(z))))
x_reconstructed = pixels.view(pixels.shape[:1] + self.image_shape)
