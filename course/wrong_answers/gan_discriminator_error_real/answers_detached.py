# misconception: Only the label is needed for the gradient.
# says: no gradient reaches the discriminator

output = discriminator(real_images).flatten().detach()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
