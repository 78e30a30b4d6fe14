# misconception: nn.BCELoss takes answers and label.
# says: Boolean value of Tensor with more than one value is ambiguous

output = discriminator(fake_images).flatten()
errG = torch.nn.BCELoss(output, label)
D_G_z2 = output.mean().item()
