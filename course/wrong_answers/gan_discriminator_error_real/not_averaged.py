# misconception: A batch has a loss for each image.
# says: is one value for each image

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label, reduction='none')
D_x = output.mean().item()
