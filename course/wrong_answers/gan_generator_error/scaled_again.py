# misconception: Images come in [0, 1] and have to be scaled.
# says: it is scaled as if it were in [0, 1]

output = discriminator(2 * fake_images - 1).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
