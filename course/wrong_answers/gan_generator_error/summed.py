# misconception: A loss is a sum over the batch.
# says: it is summed over the batch of 6

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label, reduction='sum')
D_G_z2 = output.mean().item()
