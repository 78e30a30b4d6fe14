# differs: goes back to logits, for the stable cross-entropy of logits

fake_images = generator(noise)
output = discriminator(fake_images.detach()).flatten()
logits = torch.logit(output, eps=1e-7)
errD_fake = F.binary_cross_entropy_with_logits(logits, 1 - label)
D_G_z1 = output.mean().item()
