# misconception: squeeze() takes away the dimensions of size 1, and the batch is none of them.
# says: Using a target size (torch.Size([1])) that is different to the input size (torch.Size([]))

output = discriminator(real_images).squeeze()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
