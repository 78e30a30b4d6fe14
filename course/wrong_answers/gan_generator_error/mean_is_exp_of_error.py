# misconception: The error is minus a logarithm, so its exponential gives the mean answer.
# says: it is the exponential of the mean logarithm

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = torch.exp(-errG).item()
