# misconception: D_x is the mean of the right answers.
# says: it is the label, not the answer

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = label.mean().item()
