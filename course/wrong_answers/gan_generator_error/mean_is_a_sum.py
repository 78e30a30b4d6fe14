# misconception: The mean is what sum gives.
# says: it is a sum, not a mean

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.sum().item()
