# misconception: An error is a number.
# says: no gradient reaches the discriminator

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label).item()
D_x = output.mean().item()
