# misconception: The opposite of 1 is -1.
# says: all elements of target should be between 0 and 1

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, -label)
D_G_z1 = output.mean().item()
