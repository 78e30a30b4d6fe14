# misconception: A loss is a sum over the batch.
# says: it is summed over the batch of 6

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label, reduction='sum')
D_x = output.mean().item()
