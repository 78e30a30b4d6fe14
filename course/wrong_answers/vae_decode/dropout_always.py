# misconception: Dropout is switched off by itself in evaluation mode.
# says: is not right

hidden = F.dropout(F.relu(self.decode_hidden(z)))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
