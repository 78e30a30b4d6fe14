# differs: computes in float64 inside

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output.double(), label.double()).float()
D_x = output.mean().item()
