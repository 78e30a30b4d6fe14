# misconception: A discriminator wants pixels between 0 and 1.
# says: it is scaled from [-1, 1] to [0, 1]

output = discriminator((fake_images + 1) / 2).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
