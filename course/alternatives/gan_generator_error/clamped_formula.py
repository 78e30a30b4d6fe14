# differs: writes the formula out, with a clamp

output = discriminator(fake_images).flatten()
p = output.clamp(1e-7, 1 - 1e-7)
errG = -torch.log(p).mean()
D_G_z2 = output.mean().item()
