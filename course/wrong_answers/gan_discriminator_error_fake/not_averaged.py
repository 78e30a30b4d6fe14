# misconception: A batch has a loss for each image.
# says: is one value for each image

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label, reduction='none')
D_G_z1 = output.mean().item()
