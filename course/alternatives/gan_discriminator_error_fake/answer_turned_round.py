# differs: asks how sure the discriminator is that they are made

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(1 - output, label)
D_G_z1 = output.mean().item()
