# misconception: Any distance between answer and label will do, as in least squares GANs.
# says: it is a squared error

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.mse_loss(output, 1 - label)
D_G_z1 = output.mean().item()
