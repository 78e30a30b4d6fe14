# misconception: Information is counted in bits.
# says: it is in bits

output = discriminator(fake_images).flatten()
errG = -torch.log2(output.clamp(min=1e-7)).mean()
D_G_z2 = output.mean().item()
