# differs: computes in float64 inside

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output.double(), (1 - label).double()).float()
D_G_z1 = output.mean().item()
