# misconception: A batch has a loss for each image.
# says: is one value for each image

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label, reduction='none')
D_G_z2 = output.mean().item()
