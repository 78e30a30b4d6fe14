# misconception: Any distance between answer and label will do, as in least squares GANs.
# says: it is a squared error

output = discriminator(fake_images).flatten()
errG = F.mse_loss(output, label)
D_G_z2 = output.mean().item()
