# misconception: The error is how far the answer is from the label.
# says: the logarithm is missing

output = discriminator(fake_images).flatten()
errG = F.l1_loss(output, label)
D_G_z2 = output.mean().item()
