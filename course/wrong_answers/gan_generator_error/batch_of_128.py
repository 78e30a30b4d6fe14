# misconception: A batch holds 128 images.
# says: Using a target size (torch.Size([128]))

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, torch.ones(128))
D_G_z2 = output.mean().item()
