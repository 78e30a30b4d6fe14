# misconception: torch finds out by itself which answer belongs to which label.
# says: Using a target size (torch.Size([6])) that is different to the input size (torch.Size([6, 1, 1, 1]))

fake_images = generator(noise)
output = discriminator(fake_images.detach())
errD_fake = F.binary_cross_entropy(output, 1 - label)
D_G_z1 = output.mean().item()
