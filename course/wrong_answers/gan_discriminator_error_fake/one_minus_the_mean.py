# misconception: D_G_z1 should be 1 where the network has done well.
# says: it is one minus the mean answer

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = 1 - output.mean().item()
