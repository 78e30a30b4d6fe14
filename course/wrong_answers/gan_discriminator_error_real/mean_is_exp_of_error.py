# misconception: The error is minus a logarithm, so its exponential gives the mean answer.
# says: it is the exponential of the mean logarithm

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = torch.exp(-errD_real).item()
