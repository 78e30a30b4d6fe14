# misconception: The first answer stands for all.
# says: it is the answer to the first image

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output[0].item()
