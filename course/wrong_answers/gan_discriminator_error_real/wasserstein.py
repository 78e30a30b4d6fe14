# misconception: The discriminator is a critic: its mean answer is the loss.
# says: as in a Wasserstein GAN

output = discriminator(real_images).flatten()
errD_real = -output.mean()
D_x = output.mean().item()
