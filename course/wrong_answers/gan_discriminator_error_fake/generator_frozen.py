# misconception: A network that must not learn now is frozen.
# says: frozen

generator.requires_grad_(False)
fake_images = generator(noise)
output = discriminator(fake_images).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
