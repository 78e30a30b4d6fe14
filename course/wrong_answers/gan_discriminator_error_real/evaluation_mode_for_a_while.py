# misconception: Batch norm should not see these images.
# says: is set to evaluation mode

discriminator.eval()
output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
discriminator.train()
