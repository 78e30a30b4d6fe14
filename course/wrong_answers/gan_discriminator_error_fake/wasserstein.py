# misconception: The discriminator is a critic: its mean answer is the loss.
# says: the logarithm is missing

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = output.mean()
D_G_z1 = output.mean().item()
