# misconception: An error is a number.
# says: no gradient reaches the generator

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label).item()
D_G_z2 = output.mean().item()
