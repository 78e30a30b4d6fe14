# differs: makes the label on the device of the discriminator's weights

device = next(discriminator.parameters()).device
fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
target = torch.zeros(len(output), device=device)
errD_fake = F.binary_cross_entropy(output, target)
D_G_z1 = output.mean().item()
