# misconception: The label can be used again for the fake images.
# says: the label afterwards

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
label.fill_(0)
errD_fake = F.binary_cross_entropy(output, label)
D_G_z1 = output.mean().item()
