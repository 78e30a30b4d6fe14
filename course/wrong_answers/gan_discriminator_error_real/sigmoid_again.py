# misconception: Probabilities come from a sigmoid.
# says: the sigmoid is applied twice

output = torch.sigmoid(discriminator(real_images)).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
