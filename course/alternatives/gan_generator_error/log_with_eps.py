# differs: adds a small number under the logarithm, and means over all dimensions

output = discriminator(fake_images)
errG = -(output + 1e-8).log().mean()
D_G_z2 = output.mean().item()
