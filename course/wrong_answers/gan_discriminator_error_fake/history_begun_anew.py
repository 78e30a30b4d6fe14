# misconception: requires_grad_ gives the images their history back.
# says: the returned fake_images have lost their history

fake_images = generator(noise).detach()
output = discriminator(fake_images).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
fake_images.requires_grad_()
