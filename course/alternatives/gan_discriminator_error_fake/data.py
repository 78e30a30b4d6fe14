# differs: gives the discriminator the images' data

fake_images = generator(noise)
output = discriminator(fake_images.data).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
