# misconception: D_G_z2 should be 1 where the network has done its work badly.
# says: it is one minus the mean answer

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = 1 - output.mean().item()
