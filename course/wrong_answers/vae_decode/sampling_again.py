# misconception: z needs its noise in the decoder as well.
# says: is not right

hidden = F.relu(self.decode_hidden(z + torch.randn_like(z)))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
