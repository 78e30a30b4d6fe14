# differs: multiplies with the weight matrices itself, in float64

hidden = (z.double() @ self.decode_hidden.weight.T.double() + self.decode_hidden.bias.double()).relu()
logits = torch.einsum("bh,ph->bp", hidden, self.decode_output.weight.double()) + self.decode_output.bias
x_reconstructed = logits.sigmoid().float().view(-1, *self.image_shape)
