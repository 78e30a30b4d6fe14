# differs: gives the label the answers' shape

fake_images = generator(noise)
output = discriminator(fake_images.detach())
errD_fake = F.binary_cross_entropy(output, (1 - label).view_as(output))
D_G_z1 = output.mean().item()
