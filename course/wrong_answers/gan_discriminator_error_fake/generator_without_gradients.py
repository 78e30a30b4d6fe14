# misconception: In the discriminator's step the generator is only used, not trained.
# says: the returned fake_images have lost their history

with torch.no_grad():
    fake_images = generator(noise)
output = discriminator(fake_images).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
