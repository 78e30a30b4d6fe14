# misconception: Information is counted in bits.
# says: it is in bits

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = -torch.log2((1 - output).clamp(min=1e-7)).mean()
D_G_z1 = output.mean().item()
