# misconception: The KL term is returned as the reconstruction.
# says: the reconstruction term is not right

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + self.kl_loss_weight * kl
reconstruction, kl = kl, reconstruction
