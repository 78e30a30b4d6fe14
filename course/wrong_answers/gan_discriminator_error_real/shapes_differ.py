# misconception: torch finds out by itself which answer belongs to which label.
# says: Using a target size (torch.Size([6])) that is different to the input size (torch.Size([6, 1, 1, 1]))

output = discriminator(real_images)
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
