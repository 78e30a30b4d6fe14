# misconception: A network that judges is in evaluation mode.
# says: is set to evaluation mode

discriminator.eval()
output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
