# misconception: D_G_z1 is the error as a number.
# says: D_G_z1: it is the error, not the answer

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = errD_fake.item()
