# misconception: A discriminator takes vectors of pixels.
# says: the discriminator wants fake_images of shape (6, 2, 3, 4)

output = discriminator(fake_images.flatten(1)).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
