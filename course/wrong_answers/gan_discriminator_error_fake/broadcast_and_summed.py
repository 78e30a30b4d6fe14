# misconception: A sum divided by the number of images is the mean, whatever the shapes.
# says: or answers of shape (6, 1, 1, 1) and a label of shape (6,)

fake_images = generator(noise)
output = discriminator(fake_images.detach())
errD_fake = -(label * torch.log(1 - output.clamp(min=1e-6))).sum() / len(label)
D_G_z1 = output.mean().item()
