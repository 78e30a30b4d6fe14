# misconception: A batch holds 128 images.
# says: Using a target size (torch.Size([128]))

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, torch.zeros(128))
D_G_z1 = output.mean().item()
