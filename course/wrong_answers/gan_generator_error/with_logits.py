# misconception: A network's answers are logits.
# says: the sigmoid is applied twice

output = discriminator(fake_images).flatten()
errG = F.binary_cross_entropy_with_logits(output, label)
D_G_z2 = output.mean().item()
