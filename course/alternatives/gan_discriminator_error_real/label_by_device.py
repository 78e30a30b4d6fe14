# differs: makes the label on the device of the discriminator's weights

device = next(discriminator.parameters()).device
output = discriminator(real_images).flatten()
target = torch.ones(len(output), device=device)
errD_real = F.binary_cross_entropy(output, target)
D_x = output.mean().item()
