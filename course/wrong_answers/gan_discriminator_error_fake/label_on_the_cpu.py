# misconception: All tensors live in one place.
# says: same device

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, torch.zeros(len(output)))
D_G_z1 = output.mean().item()
