# differs: goes back to logits, for the stable cross-entropy of logits

output = discriminator(fake_images).flatten()
logits = torch.logit(output, eps=1e-7)
errG = F.binary_cross_entropy_with_logits(logits, label)
D_G_z2 = output.mean().item()
