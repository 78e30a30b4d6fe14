# misconception: detach makes a number of a tensor.
# says: D_x should be a Python float, but is a tensor

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().detach()
