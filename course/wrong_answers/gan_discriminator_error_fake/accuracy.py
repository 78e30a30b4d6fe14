# misconception: D_G_z1 says how often the discriminator is right.
# says: it is the share of right answers

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = (output < 0.5).float().mean().item()
