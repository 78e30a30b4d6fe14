# differs: writes both terms of the cross-entropy out, sums and divides

fake_images = generator(noise)
p = discriminator(fake_images.detach()).reshape(-1).clamp(1e-6, 1 - 1e-6)
target = 1 - label
errD_fake = -(target * p.log() + (1 - target) * (1 - p).log()).sum() / len(p)
D_G_z1 = float(p.mean())
