# misconception: squeeze() takes away the dimensions of size 1, and the batch is none of them.
# says: do not have the shape of the label, (1,)

output = discriminator(real_images).squeeze()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
