# misconception: The discriminator wants plain data.
# says: no gradient reaches the generator

output = discriminator(fake_images.data).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
