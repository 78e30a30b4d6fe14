# misconception: Every layer has a ReLU after it, and then there is the sigmoid.
# says: a ReLU comes before the sigmoid, so no pixel is darker than 1/2

hidden = F.relu(self.decode_hidden(z))
pixels = torch.sigmoid(F.relu(self.decode_output(hidden)))
x_reconstructed = pixels.view(-1, *self.image_shape)
