# misconception: The error is minus a logarithm, so its exponential gives the mean answer.
# says: D_G_z1 is not right

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = 1 - torch.exp(-errD_fake).item()
