# misconception: A discriminator judges one image at a time.
# says: the discriminator is asked about 1 of 6 images

fake_images = generator(noise)
output = torch.cat([discriminator(image).flatten() for image in fake_images.detach().split(1)])
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
