# misconception: detach_ is detach.
# says: the returned fake_images have lost their history

fake_images = generator(noise)
output = discriminator(fake_images.detach_()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
