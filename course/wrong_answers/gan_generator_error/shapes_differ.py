# misconception: torch finds out by itself which answer belongs to which label.
# says: Using a target size (torch.Size([6])) that is different to the input size (torch.Size([6, 1, 1, 1]))

output = discriminator(fake_images)
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
