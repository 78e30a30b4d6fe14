# misconception: The label says what is made.
# says: real and fake are exchanged

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, 1 - label)
D_x = output.mean().item()
