# misconception: cross_entropy is cross-entropy, binary or not.
# says: with a softmax over the batch

output = discriminator(fake_images).flatten()
errG = F.cross_entropy(output, label)
D_G_z2 = output.mean().item()
