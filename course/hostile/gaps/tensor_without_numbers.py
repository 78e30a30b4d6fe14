# cheat: answers with a tensor that has a shape and no numbers.
# gap: vae_decode
# expect: wrong

x_reconstructed = torch.empty(len(z), *self.image_shape, device="meta")
