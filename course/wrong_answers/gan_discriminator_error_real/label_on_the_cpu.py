# misconception: All tensors live in one place.
# says: same device

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, torch.ones(len(output)))
D_x = output.mean().item()
