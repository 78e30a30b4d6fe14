# differs: lets the generator make the images once more, without recording gradients

with torch.no_grad():
    judged = generator(noise)
output = discriminator(judged).flatten()
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
fake_images = generator(noise)
