# misconception: The error is that of the mean answer.
# says: the answers are averaged before the logarithm

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output.mean(), (1 - label).mean())
D_G_z1 = output.mean().item()
