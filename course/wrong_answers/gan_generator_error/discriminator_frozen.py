# misconception: The discriminator is not trained here, so it is frozen.
# says: are frozen

discriminator.requires_grad_(False)
output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
