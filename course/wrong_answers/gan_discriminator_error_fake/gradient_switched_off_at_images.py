# misconception: requires_grad = False cuts a tensor off.
# says: you can only change requires_grad flags of leaf variables

fake_images = generator(noise)
fake_images.requires_grad = False
output = discriminator(fake_images).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
