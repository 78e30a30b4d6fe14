# differs: gives the label the answers' shape

output = discriminator(real_images)
errD_real = F.binary_cross_entropy(output, label.view_as(output))
D_x = output.mean().item()
