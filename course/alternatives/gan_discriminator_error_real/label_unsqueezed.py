# differs: adds dimensions to the label, and divides a sum by the size of the batch

output = discriminator(real_images)
target = label[:, None, None, None]
errD_real = F.binary_cross_entropy(output, target, reduction='sum') / target.shape[0]
D_x = output.sum().item() / len(output)
