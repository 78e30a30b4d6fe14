# misconception: Images are shown in [0, 1].
# says: fake_images: they are scaled from [-1, 1] to [0, 1]

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
fake_images = (fake_images + 1) / 2
