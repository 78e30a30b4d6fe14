# differs: takes the mean of Bernoulli pixels with the given logits

hidden = torch.where(self.decode_hidden(z) > 0, self.decode_hidden(z), 0)
pixels = torch.distributions.Bernoulli(logits=self.decode_output(hidden).view(-1, *self.image_shape))
x_reconstructed = pixels.mean
