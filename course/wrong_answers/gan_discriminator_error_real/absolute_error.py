# misconception: The error is how far the answer is from the label.
# says: the logarithm is missing

output = discriminator(real_images).flatten()
errD_real = F.l1_loss(output, label)
D_x = output.mean().item()
