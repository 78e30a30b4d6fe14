# misconception: The generator minimises what the discriminator maximises.
# says: it is the saturating loss

output = discriminator(fake_images).flatten()
errG = torch.log((1 - output).clamp(min=1e-7)).mean()
D_G_z2 = output.mean().item()
