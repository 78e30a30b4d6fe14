# misconception: item is an attribute.
# says: D_x should be a Python float

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item
