# misconception: The mean is what sum gives.
# says: it is a sum, not a mean

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.sum().item()
