# misconception: As in the discriminator's error on these images.
# says: the generator learns to be caught

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, 1 - label)
D_G_z2 = output.mean().item()
