# misconception: The error is how far the answer is from the label.
# says: the logarithm is missing

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.l1_loss(output, 1 - label)
D_G_z1 = output.mean().item()
