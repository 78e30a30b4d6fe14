# misconception: The label that is given is the right answer.
# says: real and fake are exchanged

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, label)
D_G_z1 = output.mean().item()
