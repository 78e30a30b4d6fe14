# misconception: torch finds out by itself which answer belongs to which label.
# says: do not have the shape of the label, (6,)

output = discriminator(fake_images)
errG = F.binary_cross_entropy(output, label)
D_G_z2 = output.mean().item()
