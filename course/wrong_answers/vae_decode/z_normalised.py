# misconception: z is put on the unit sphere first.
# says: is not right

hidden = F.relu(self.decode_hidden(F.normalize(z)))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
