# misconception: D_x is the error as a number.
# says: D_x: it is the error, not the answer

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = errD_real.item()
