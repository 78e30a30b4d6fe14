# misconception: A little noise on the images keeps the discriminator from being too sure.
# says: Other images would be judged

output = discriminator(real_images + 0.05 * torch.randn_like(real_images)).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
