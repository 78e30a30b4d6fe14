# misconception: Both errors hold ln(1 - D).
# says: it is ln(1 - D(x))

output = discriminator(real_images).flatten()
errD_real = torch.log((1 - output).clamp(min=1e-7)).mean()
D_x = output.mean().item()
