# differs: squeezes the last three dimensions only

output = discriminator(real_images).squeeze(3).squeeze(2).squeeze(1)
errD_real = F.binary_cross_entropy(output, label)
D_x = output.detach().mean().item()
