# misconception: Noise is noise.
# says: the noise for the generator is not right

fake_images = generator(torch.randn_like(noise))
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
