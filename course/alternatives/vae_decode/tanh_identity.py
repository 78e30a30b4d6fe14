# differs: computes the sigmoid as (1 + tanh(x / 2)) / 2

logits = self.decode_output(self.decode_hidden(z).clamp_min(0))
x_reconstructed = 0.5 * (1 + torch.tanh(0.5 * logits)).reshape(len(z), *self.image_shape)
