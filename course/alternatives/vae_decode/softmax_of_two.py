# differs: takes the probability of bright against dark

logits = self.decode_output(F.relu(self.decode_hidden(z)))
pixels = torch.stack([torch.zeros_like(logits), logits], -1).softmax(-1)[..., 1]
x_reconstructed = pixels.contiguous().view(-1, *self.image_shape).clamp(0, 1)
