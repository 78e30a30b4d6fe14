# misconception: requires_grad_ makes the images learn.
# says: no gradient reaches the generator

output = discriminator(fake_images.detach().requires_grad_()).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
