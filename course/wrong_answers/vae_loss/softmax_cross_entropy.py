# misconception: cross_entropy is the same as binary_cross_entropy.
# says: the reconstruction term is not right

reconstruction = F.cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
