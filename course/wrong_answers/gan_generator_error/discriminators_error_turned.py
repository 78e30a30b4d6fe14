# misconception: The generator's error is minus that of the discriminator.
# says: it is the saturating loss

output = discriminator(fake_images).flatten()
errG = -F.binary_cross_entropy(output, torch.zeros_like(output))
D_G_z2 = output.mean().item()
