# misconception: Any distance between answer and label will do, as in least squares GANs.
# says: it is a squared error

output = discriminator(real_images).flatten()
errD_real = F.mse_loss(output, label)
D_x = output.mean().item()
