# misconception: 0 times anything is 0, also 0 times ln 0.
# says: ln 0 is -infinity

output = discriminator(fake_images).flatten()
errG = -(label * torch.log(output) + (1 - label) * torch.log(1 - output)).mean()
D_G_z2 = output.mean().item()
