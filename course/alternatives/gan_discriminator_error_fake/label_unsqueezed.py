# differs: adds dimensions to the label, and divides a sum by the size of the batch

fake_images = generator(noise)
output = discriminator(fake_images.detach())
target = torch.zeros_like(label)[:, None, None, None]
errD_fake = F.binary_cross_entropy(output, target, reduction='sum') / target.shape[0]
D_G_z1 = output.sum().item() / len(output)
