# misconception: Freezing the generator until the discriminator is done does no harm.
# says: the returned fake_images have lost their history

generator.requires_grad_(False)
fake_images = generator(noise)
output = discriminator(fake_images).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
generator.requires_grad_(True)
