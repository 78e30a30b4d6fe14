# misconception: Images are numpy arrays.
# says: no gradient reaches z from x_reconstructed

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape).detach().numpy()
