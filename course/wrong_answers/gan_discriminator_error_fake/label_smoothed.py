# misconception: The discriminator should never be too sure.
# says: the label is smoothed

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - 0.9 * label)
D_G_z1 = output.mean().item()
