# misconception: The first answer stands for all.
# says: it is the answer to the first image

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output[0].item()
