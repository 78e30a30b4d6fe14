# misconception: Cross-entropy takes the truth first.
# says: answers and label are exchanged

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(label, output)
D_G_z2 = output.mean().item()
