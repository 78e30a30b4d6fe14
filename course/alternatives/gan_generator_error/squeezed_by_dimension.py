# differs: squeezes the last three dimensions only

output = discriminator(fake_images).squeeze(3).squeeze(2).squeeze(1)
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.detach().mean().item()
