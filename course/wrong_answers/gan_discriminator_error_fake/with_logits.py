# misconception: A network's answers are logits.
# says: the sigmoid is applied twice

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy_with_logits(output, 1 - label)
D_G_z1 = output.mean().item()
