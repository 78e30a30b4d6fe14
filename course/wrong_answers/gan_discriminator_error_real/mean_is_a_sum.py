# misconception: The mean is what sum gives.
# says: it is a sum, not a mean

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.sum().item()
