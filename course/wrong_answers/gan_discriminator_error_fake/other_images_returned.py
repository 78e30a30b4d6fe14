# misconception: The generator's update should see new images.
# says: the noise for the generator is not right

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
fake_images = generator(torch.randn_like(noise))
