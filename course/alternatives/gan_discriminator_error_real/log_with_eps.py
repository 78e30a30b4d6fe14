# differs: adds a small number under the logarithm, and means over all dimensions

output = discriminator(real_images)
errD_real = -(output + 1e-8).log().mean()
D_x = output.mean().item()
