# misconception: The weight belongs to the reconstruction.
# says: the weight is applied to the reconstruction

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = self.kl_loss_weight * reconstruction + kl
