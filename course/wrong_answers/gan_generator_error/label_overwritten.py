# misconception: The label of made images is written into the label.
# says: the generator learns to be caught

output = discriminator(fake_images).flatten()
label.fill_(0)
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
