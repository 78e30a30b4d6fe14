# misconception: The generator wants the answer 1.
# says: real and fake are exchanged

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, torch.ones_like(output))
D_G_z1 = output.mean().item()
