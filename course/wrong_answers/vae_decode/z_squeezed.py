# misconception: z is brought to [0, 1] first.
# says: is not right

hidden = F.relu(self.decode_hidden(torch.sigmoid(z)))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
