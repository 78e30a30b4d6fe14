# misconception: D_x should be 1 where the network has done its work badly.
# says: it is one minus the mean answer

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = 1 - output.mean().item()
