# misconception: In a formula, shapes take care of themselves.
# says: were broadcast against each other; flatten

fake_images = generator(noise)
output = discriminator(fake_images.detach())
p = output.clamp(1e-6, 1 - 1e-6)
errD_fake = -(label * torch.log(1 - p) + (1 - label) * torch.log(p))
D_G_z1 = output.mean().item()
