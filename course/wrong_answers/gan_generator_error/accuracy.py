# misconception: D_G_z2 says how often the discriminator is right.
# says: it is the share of right answers

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = (output > 0.5).float().mean().item()
