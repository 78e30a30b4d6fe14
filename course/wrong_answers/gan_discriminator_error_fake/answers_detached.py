# misconception: Only the label is needed for the gradient.
# says: no gradient reaches the discriminator

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten().detach()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
