# misconception: A tensor of one number is a number.
# says: D_x should be a Python float, but is a tensor

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean()
