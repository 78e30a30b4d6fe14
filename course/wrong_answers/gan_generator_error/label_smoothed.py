# misconception: The discriminator should never be too sure.
# says: the label is smoothed

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, 0.9 * label)
D_G_z2 = output.mean().item()
