# misconception: A large weight makes the KL term small.
# says: the loss

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.exp())
loss = reconstruction + kl / max(self.kl_loss_weight, 1e-8)
