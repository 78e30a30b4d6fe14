# misconception: Judging images is evaluation, so no gradients are needed.
# says: no gradient reaches the generator

with torch.no_grad():
    output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
