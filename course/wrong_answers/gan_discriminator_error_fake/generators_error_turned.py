# misconception: What is good for the generator is bad for the discriminator, so flip the sign.
# says: it is ln D(G(z)), where -ln(1 - D(G(z))) is asked for

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = -F.binary_cross_entropy(output, label)
D_G_z1 = output.mean().item()
