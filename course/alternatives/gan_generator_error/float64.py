# differs: computes in float64 inside

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output.double(), label.double()).float()
D_G_z2 = output.mean().item()
