# misconception: fake_images is what comes out in the end.
# says: fake_images: they are what the discriminator answers

fake_images = discriminator(generator(noise).detach())
errD_fake = F.binary_cross_entropy(fake_images.flatten(), 1 - label)
D_G_z1 = fake_images.mean().item()
