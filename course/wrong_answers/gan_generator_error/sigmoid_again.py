# misconception: Probabilities come from a sigmoid.
# says: the sigmoid is applied twice

output = torch.sigmoid(discriminator(fake_images)).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
