# misconception: An error is a number.
# says: no gradient reaches the discriminator

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label).item()
D_G_z1 = output.mean().item()
