# misconception: exp(x) / (1 + exp(x)) can be computed for every x.
# says: x_reconstructed holds NaN or infinite values

hidden = F.relu(self.decode_hidden(z))
pixels = torch.exp(self.decode_output(hidden)) / (1 + torch.exp(self.decode_output(hidden)))
x_reconstructed = pixels.view(-1, *self.image_shape)
