# misconception: item is an attribute.
# says: D_G_z2 should be a Python float

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item
