# misconception: A discriminator takes vectors of pixels.
# says: the discriminator wants real_images of shape (6, 2, 3, 4)

output = discriminator(real_images.flatten(1)).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
