# misconception: nn.BCELoss takes answers and label.
# says: Boolean value of Tensor with more than one value is ambiguous

output = discriminator(real_images).flatten()
errD_real = torch.nn.BCELoss(output, label)
D_x = output.mean().item()
