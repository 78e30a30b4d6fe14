# misconception: Noise is a vector.
# says: the generator wants noise of the shape (6, 5, 1, 1)

fake_images = generator(noise.flatten(1))
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
