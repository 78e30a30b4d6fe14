# misconception: Detaching what is reported is enough.
# says: a gradient flows from errD_fake back to the generator

fake_images = generator(noise)
output = discriminator(fake_images).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.detach().mean().item()
