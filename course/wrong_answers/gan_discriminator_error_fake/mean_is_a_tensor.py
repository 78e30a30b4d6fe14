# misconception: A tensor of one number is a number.
# says: D_G_z1 should be a Python float, but is a tensor

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean()
