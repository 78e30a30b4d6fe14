# misconception: A discriminator judges one image at a time.
# says: the discriminator is asked about 1 of 6 images

output = torch.cat([discriminator(image).flatten() for image in real_images.split(1)])
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
