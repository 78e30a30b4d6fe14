# misconception: The reconstruction is reported, not trained.
# says: the reconstruction term is not part of it

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = self.kl_loss_weight * kl
