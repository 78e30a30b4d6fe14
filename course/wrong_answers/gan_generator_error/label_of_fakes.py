# misconception: The images are made, so their label is 0.
# says: the generator learns to be caught

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, torch.zeros_like(label))
D_G_z2 = output.mean().item()
