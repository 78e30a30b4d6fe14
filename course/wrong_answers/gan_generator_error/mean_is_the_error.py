# misconception: D_G_z2 is the error as a number.
# says: D_G_z2: it is the error, not the answer

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = errG.item()
