# misconception: The KL term is averaged over the batch.
# says: the KL term: it is averaged over the batch, not summed

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * (1 + logvar - mu.square() - logvar.exp()).sum(1).mean()
loss = reconstruction + self.kl_loss_weight * kl
