# differs: takes the answers out by an index, and averages by numpy

fake_images = generator(noise)
output = discriminator(fake_images.detach())[:, 0, 0, 0]
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = float(output.detach().cpu().numpy().mean())
