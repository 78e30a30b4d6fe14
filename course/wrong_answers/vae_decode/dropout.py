# misconception: A hidden layer needs dropout.
# says: is not right

hidden = F.dropout(F.relu(self.decode_hidden(z)), 0.2, self.training)
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
