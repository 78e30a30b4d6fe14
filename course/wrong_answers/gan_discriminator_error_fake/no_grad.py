# misconception: Judging images is evaluation, so no gradients are needed.
# says: no gradient reaches the discriminator

fake_images = generator(noise)
with torch.no_grad():
    output = discriminator(fake_images.detach()).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
