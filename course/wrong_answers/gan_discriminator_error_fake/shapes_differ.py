# misconception: torch finds out by itself which answer belongs to which label.
# says: do not have the shape of the label, (6,)

fake_images = generator(noise)
output = discriminator(fake_images.detach())
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
