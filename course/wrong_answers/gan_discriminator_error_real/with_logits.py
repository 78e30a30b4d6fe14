# misconception: A network's answers are logits.
# says: the sigmoid is applied twice

output = discriminator(real_images).flatten()
errD_real = F.binary_cross_entropy_with_logits(output, label)
D_x = output.mean().item()
