# misconception: The discriminator is a critic: its mean answer is to be raised.
# says: as in a Wasserstein GAN

output = discriminator(fake_images).flatten()
errG = -output.mean()
D_G_z2 = output.mean().item()
