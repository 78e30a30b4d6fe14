# misconception: The cross-entropy with logits is the safer one.
# says: the reconstruction term: it treats x_reconstructed as logits

reconstruction = F.binary_cross_entropy_with_logits(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
