# misconception: Real is 0 and fake is 1.
# says: real and fake are exchanged

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, torch.zeros_like(output))
D_x = output.mean().item()
