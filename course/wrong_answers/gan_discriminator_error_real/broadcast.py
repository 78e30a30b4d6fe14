# misconception: In a formula, shapes take care of themselves.
# says: were broadcast against each other; flatten

output = discriminator(real_images)
p = output.clamp(1e-6, 1 - 1e-6)
errD_real = -(label * torch.log(p) + (1 - label) * torch.log(1 - p))
D_x = output.mean().item()
