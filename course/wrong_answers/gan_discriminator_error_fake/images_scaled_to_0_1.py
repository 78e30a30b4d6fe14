# misconception: A discriminator wants pixels between 0 and 1.
# says: it is scaled from [-1, 1] to [0, 1]

fake_images = generator(noise)
output = discriminator((fake_images.detach() + 1) / 2).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
