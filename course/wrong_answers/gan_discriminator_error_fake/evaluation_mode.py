# misconception: A network that judges is in evaluation mode.
# says: is set to evaluation mode

discriminator.eval()
fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
