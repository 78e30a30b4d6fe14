# misconception: A discriminator wants pixels between 0 and 1.
# says: it is scaled from [-1, 1] to [0, 1]

output = discriminator((real_images + 1) / 2).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
