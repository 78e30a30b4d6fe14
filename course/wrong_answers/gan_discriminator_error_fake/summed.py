# misconception: A loss is a sum over the batch.
# says: it is summed over the batch of 6

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label, reduction='sum')
D_G_z1 = output.mean().item()
