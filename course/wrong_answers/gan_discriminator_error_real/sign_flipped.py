# misconception: The network maximises the likelihood, so the error needs a minus.
# says: its sign is flipped

output = discriminator(real_images).flatten()
errD_real = -F.binary_cross_entropy(output, label)
D_x = output.mean().item()
