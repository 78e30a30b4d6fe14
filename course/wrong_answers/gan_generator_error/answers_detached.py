# misconception: Only the label is needed for the gradient.
# says: no gradient reaches the generator

output = discriminator(fake_images).flatten().detach()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
