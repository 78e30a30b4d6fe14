# misconception: The generator's error is half of what the discriminator's is made of.
# says: it is halved

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label) / 2
D_G_z2 = output.mean().item()
