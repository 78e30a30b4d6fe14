# misconception: cross_entropy is cross-entropy, binary or not.
# says: with a softmax over the batch

output = discriminator(real_images).flatten()
errD_real = F.cross_entropy(output, label)
D_x = output.mean().item()
