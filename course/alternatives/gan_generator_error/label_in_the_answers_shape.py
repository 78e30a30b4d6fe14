# differs: gives the label the answers' shape

output = discriminator(fake_images)
errG = F.binary_cross_entropy(output, label.view_as(output))
D_G_z2 = output.mean().item()
