# misconception: A batch holds 128 images.
# says: Using a target size (torch.Size([128]))

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, torch.ones(128))
D_x = output.mean().item()
