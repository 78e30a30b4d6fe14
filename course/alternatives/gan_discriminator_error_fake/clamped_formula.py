# differs: writes the formula out, with a clamp

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
p = output.clamp(1e-7, 1 - 1e-7)
errD_fake = -torch.log(1 - p).mean()
D_G_z1 = output.mean().item()
