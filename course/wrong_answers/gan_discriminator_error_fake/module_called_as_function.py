# misconception: nn.BCELoss takes answers and label.
# says: Boolean value of Tensor with more than one value is ambiguous

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
errD_fake = torch.nn.BCELoss(output, 1 - label)
D_G_z1 = output.mean().item()
