# misconception: The result may have any name.
# says: the code after gap vae_decode uses `x_reconstructed`, which the gap does not define

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
images = pixels.view(-1, *self.image_shape)
