# misconception: Batch norm of the generator should not see this batch.
# says: is set to evaluation mode

generator.eval()
fake_images = generator(noise)
generator.train()
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
