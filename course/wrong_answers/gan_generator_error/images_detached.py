# misconception: As in the discriminator's step, the images are cut off.
# says: no gradient reaches the generator

output = discriminator(fake_images.detach()).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
