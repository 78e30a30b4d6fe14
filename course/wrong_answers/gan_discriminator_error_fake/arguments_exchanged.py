# misconception: Cross-entropy takes the truth first.
# says: answers and label are exchanged

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(1 - label, output)
D_G_z1 = output.mean().item()
