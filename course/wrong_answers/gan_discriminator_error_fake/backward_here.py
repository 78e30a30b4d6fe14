# misconception: An error ends with backward.
# says: backward is called within the gap

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
errD_fake.backward()
