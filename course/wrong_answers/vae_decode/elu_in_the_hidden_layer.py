# misconception: ELU does as well as a ReLU.
# says: the hidden layer has an ELU where ReLU belongs

hidden = F.elu(self.decode_hidden(z))
pixels = torch.sigmoid(self.decode_output(hidden))
x_reconstructed = pixels.view(-1, *self.image_shape)
