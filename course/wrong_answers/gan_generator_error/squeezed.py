# misconception: squeeze() takes away the dimensions of size 1, and the batch is none of them.
# says: do not have the shape of the label, (1,)

output = discriminator(fake_images).squeeze()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
