# cheat: computes a number of 3.5 GB.
# gap: vae_decode
# expect: memory or timeout or wrong

number = 1 << (8 * 7 * 2**29)
x_reconstructed = z.sum() * torch.zeros(len(z), *self.image_shape)
