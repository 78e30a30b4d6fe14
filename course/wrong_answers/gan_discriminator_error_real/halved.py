# misconception: The discriminator has two errors, so each counts half.
# says: it is halved

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label) / 2
D_x = output.mean().item()
