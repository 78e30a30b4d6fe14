# differs: writes the formula with the label in it

output = discriminator(fake_images).flatten()
errG = -(label * output.clamp_min(1e-12).log()).mean()
D_G_z2 = output.mean().item()
