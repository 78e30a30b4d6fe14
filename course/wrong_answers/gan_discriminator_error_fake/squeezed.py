# misconception: squeeze() takes away the dimensions of size 1, and the batch is none of them.
# says: do not have the shape of the label, (1,)

fake_images = generator(noise)
output = discriminator(fake_images.detach()).squeeze()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
