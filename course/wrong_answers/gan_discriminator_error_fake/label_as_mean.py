# misconception: D_G_z1 is the mean of the right answers.
# says: it is the label, not the answer

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = (1 - label).mean().item()
