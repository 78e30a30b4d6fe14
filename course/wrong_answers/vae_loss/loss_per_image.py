# misconception: The loss is averaged over the batch.
# says: the loss: it is averaged over the batch, not summed

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = (reconstruction + self.kl_loss_weight * kl) / len(x)
