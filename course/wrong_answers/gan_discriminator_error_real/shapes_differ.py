# misconception: torch finds out by itself which answer belongs to which label.
# says: do not have the shape of the label, (6,)

output = discriminator(real_images)
errD_real = F.binary_cross_entropy(output, label)
D_x = output.mean().item()
