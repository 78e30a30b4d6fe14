# differs: has the target as a tensor of the answers' kind

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, output.new_zeros(output.shape))
D_G_z1 = output.mean().item()
