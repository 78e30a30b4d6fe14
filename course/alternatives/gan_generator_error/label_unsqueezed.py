# differs: adds dimensions to the label, and divides a sum by the size of the batch

output = discriminator(fake_images)
target = label[:, None, None, None]
errG = F.binary_cross_entropy(output, target, reduction='sum') / target.shape[0]
D_G_z2 = output.sum().item() / len(output)
