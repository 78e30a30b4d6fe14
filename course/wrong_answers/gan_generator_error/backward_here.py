# misconception: An error ends with backward.
# says: backward is called within the gap

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
errG.backward()
