# misconception: The cross-entropy takes the target first.
# says: the reconstruction term: x_reconstructed and x are exchanged

reconstruction = F.binary_cross_entropy(x, x_reconstructed, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
