# differs: calls forward, and needs no second name

D_x = (output := discriminator.forward(real_images).flatten(0)).mean().item()
errD_real = F.binary_cross_entropy(input=output, target=label)
