# misconception: The error is that of the mean answer.
# says: the answers are averaged before the logarithm

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output.mean(), label.mean())
D_x = output.mean().item()
