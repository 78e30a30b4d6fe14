# differs: turns the pixels back into logits

logits = torch.logit(x_reconstructed, eps=1e-7)
reconstruction = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
kl = (mu.square() - 1 - logvar + logvar.exp()).sum() / 2
loss = reconstruction + self.kl_loss_weight * kl
