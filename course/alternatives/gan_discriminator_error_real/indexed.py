# differs: takes the answers out by an index, and averages by numpy

output = discriminator(real_images)[:, 0, 0, 0]
errD_real = F.binary_cross_entropy(output, label)
D_x = float(output.detach().cpu().numpy().mean())
