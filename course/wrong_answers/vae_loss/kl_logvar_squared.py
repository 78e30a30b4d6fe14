# misconception: logvar is sigma, so its square is the variance.
# says: the KL term: logvar is squared where its exponential belongs

reconstruction = F.binary_cross_entropy(x_reconstructed, x, reduction="sum")
kl = -0.5 * torch.sum(1 + logvar - mu.square() - logvar.square())
loss = reconstruction + self.kl_loss_weight * kl
