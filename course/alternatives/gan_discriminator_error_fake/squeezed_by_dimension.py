# differs: squeezes the last three dimensions only

fake_images = generator(noise)
output = discriminator(fake_images.detach()).squeeze(3).squeeze(2).squeeze(1)
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.detach().mean().item()
