# misconception: D_x says how often the discriminator is right.
# says: it is the share of right answers

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = (output > 0.5).float().mean().item()
