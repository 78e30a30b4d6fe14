# misconception: squeeze() takes away the dimensions of size 1, and the batch is none of them.
# says: Using a target size (torch.Size([1])) that is different to the input size (torch.Size([]))

output = discriminator(fake_images).squeeze()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
