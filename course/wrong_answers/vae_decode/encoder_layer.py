# misconception: The hidden layer of the encoder serves the decoder too.
# says: shapes cannot be multiplied

hidden = F.relu(self.encode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
