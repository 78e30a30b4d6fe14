# misconception: logvar is the variance.
# says: the KL term

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar.abs().log() - mu.square() - logvar)
loss = reconstruction + self.kl_loss_weight * kl
