# misconception: ln(1 - D) is always a number.
# says: ln 0 is -infinity

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = -torch.log(1 - output).mean()
D_G_z1 = output.mean().item()
