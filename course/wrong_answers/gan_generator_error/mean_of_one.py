# misconception: The first answer stands for all.
# says: it is the answer to the first image

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output[0].item()
