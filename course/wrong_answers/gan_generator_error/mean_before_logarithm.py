# misconception: The error is that of the mean answer.
# says: the answers are averaged before the logarithm

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output.mean(), label.mean())
D_G_z2 = output.mean().item()
