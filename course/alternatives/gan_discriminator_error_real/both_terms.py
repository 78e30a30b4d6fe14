# differs: writes both terms of the cross-entropy out, sums and divides

p = discriminator(real_images).reshape(-1).clamp(1e-6, 1 - 1e-6)
target = label
errD_real = -(target * p.log() + (1 - target) * (1 - p).log()).sum() / len(p)
D_x = float(p.mean())
