# misconception: The network maximises the likelihood, so the error needs a minus.
# says: its sign is flipped

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = -F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
