# misconception: Batch norm should not see these images.
# says: is set to evaluation mode

discriminator.eval()
output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
discriminator.train()
