# misconception: The reconstruction is averaged over the batch, while the KL term is summed.
# says: the reconstruction term: it is averaged over the batch, not summed

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum") / len(x)
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
