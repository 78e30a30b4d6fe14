# misconception: Information is counted in bits.
# says: it is in bits

output = discriminator(real_images).flatten()
errD_real = -torch.log2(output.clamp(min=1e-7)).mean()
D_x = output.mean().item()
