# differs: writes the formula out, with a clamp

output = discriminator(real_images).flatten()
p = output.clamp(1e-7, 1 - 1e-7)
errD_real = -torch.log(p).mean()
D_x = output.mean().item()
