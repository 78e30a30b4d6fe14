# misconception: A sigmoid more does no harm.
# says: the sigmoid is applied twice

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(torch.sigmoid(self.decode_output(hidden)))
x_reconstructed = pixels.view(-1, *self.image_shape)
