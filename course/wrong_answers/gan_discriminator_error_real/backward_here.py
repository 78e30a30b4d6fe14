# misconception: An error ends with backward.
# says: backward is called within the gap

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
errD_real.backward()
