# misconception: All is averaged over the batch.
# says: the reconstruction term: it is averaged over the batch, not summed

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum") / len(x)
kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum() / len(x)
loss = reconstruction + self.kl_loss_weight * kl
