# misconception: At its best, the discriminator answers 1/2.
# says: errG is not right

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label / 2)
D_G_z2 = output.mean().item()
