# misconception: Cross-entropy takes the truth first.
# says: answers and label are exchanged

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(label, output)
D_x = output.mean().item()
