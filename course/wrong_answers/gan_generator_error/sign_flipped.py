# misconception: The network maximises the likelihood, so the error needs a minus.
# says: its sign is flipped

output = discriminator(fake_images).flatten()
errG = -F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
