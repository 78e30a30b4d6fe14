# misconception: The generator's images are cut off where they are made.
# says: the returned fake_images have lost their history

fake_images = generator(noise).detach()
output = discriminator(fake_images).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
