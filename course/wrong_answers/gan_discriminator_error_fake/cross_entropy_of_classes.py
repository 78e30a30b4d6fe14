# misconception: cross_entropy is cross-entropy, binary or not.
# says: with a softmax over the batch

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
