# differs: copies the images without recording it

fake_images = generator(noise)
with torch.no_grad():
    judged = fake_images.clone()
output = discriminator(judged).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
