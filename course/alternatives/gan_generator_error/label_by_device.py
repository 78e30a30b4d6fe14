# differs: makes the label on the device of the discriminator's weights

device = next(discriminator.parameters()).device
output = discriminator(fake_images).flatten()
target = torch.ones(len(output), device=device)
errG = F.binary_cross_entropy(output, target)
D_G_z2 = output.mean().item()
