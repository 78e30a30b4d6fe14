# differs: adds a small number under the logarithm, and means over all dimensions

fake_images = generator(noise)
output = discriminator(fake_images.detach())
errD_fake = -(1 - output + 1e-8).log().mean()
D_G_z1 = output.mean().item()
