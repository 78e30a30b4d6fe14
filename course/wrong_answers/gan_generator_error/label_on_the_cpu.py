# misconception: All tensors live in one place.
# says: same device

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, torch.ones(len(output)))
D_G_z2 = output.mean().item()
