# differs: goes back to logits, for the stable cross-entropy of logits

output = discriminator(real_images).flatten()
logits = torch.logit(output, eps=1e-7)
errD_real = F.binary_cross_entropy_with_logits(logits, label)
D_x = output.mean().item()
