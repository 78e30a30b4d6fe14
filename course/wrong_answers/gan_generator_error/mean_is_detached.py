# misconception: detach makes a number of a tensor.
# says: D_G_z2 should be a Python float, but is a tensor

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().detach()
