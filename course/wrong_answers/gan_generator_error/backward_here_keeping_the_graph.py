# misconception: backward belongs to the error, and can be called again.
# says: the discriminator is left with gradients

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
errG.backward(retain_graph=True)
