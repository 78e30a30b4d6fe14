# misconception: Probabilities come from a sigmoid.
# says: the sigmoid is applied twice

fake_images = generator(noise)
output = torch.sigmoid(discriminator(fake_images.detach())).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
