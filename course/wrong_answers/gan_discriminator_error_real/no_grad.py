# misconception: Judging images is evaluation, so no gradients are needed.
# says: no gradient reaches the discriminator

with torch.no_grad():
    output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
