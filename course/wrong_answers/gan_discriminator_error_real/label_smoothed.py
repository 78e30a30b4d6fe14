# misconception: The discriminator should never be too sure.
# says: the label is smoothed

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, 0.9 * label)
D_x = output.mean().item()
