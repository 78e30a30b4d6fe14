# misconception: 0 times anything is 0, also 0 times ln 0.
# says: ln 0 is -infinity

output = discriminator(real_images).flatten()
errD_real = -(label * torch.log(output) + (1 - label) * torch.log(1 - output)).mean()
D_x = output.mean().item()
