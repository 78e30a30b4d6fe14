# misconception: The discriminator has two errors, so each counts half.
# says: it is halved

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label) / 2
D_G_z1 = output.mean().item()
